// Cloudflare Workers: wasm may not be compiled from bytes there, so the file is imported as a module.
import embed from "./wasm/skillmesh_embed_bg.wasm";
import { setEnvironment } from "./environment.js";
setEnvironment({ embed: () => embed });
export * from "./embed.js";
