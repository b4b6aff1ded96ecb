// Browsers and bundlers: the wasm file is found by a literal URL, so that bundlers see it.
import { served, setEnvironment } from "./environment.js";
setEnvironment({ embed: () => served(new URL("./wasm/skillmesh_embed_bg.wasm", import.meta.url)) });
export * from "./embed.js";
