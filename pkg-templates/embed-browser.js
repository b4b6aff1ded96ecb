// Browsers and bundlers: the wasm file is found by a literal URL, so that bundlers see it.
import { setEnvironment } from "./environment.js";
setEnvironment({ embed: () => new URL("./wasm/skillmesh_embed_bg.wasm", import.meta.url) });
export * from "./embed.js";
