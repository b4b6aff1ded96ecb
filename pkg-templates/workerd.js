// Cloudflare Workers: wasm may not be compiled from bytes there, so the files are imported as modules.
import core from "./wasm/skillmesh_bg.wasm";
import embed from "./wasm/skillmesh_embed_bg.wasm";
import index from "./wasm/skillmesh_index_bg.wasm";
import { setEnvironment } from "./environment.js";
import { fetchBytes } from "./source.js";
setEnvironment({ core: () => core, embed: () => embed, index: () => index, read: fetchBytes });
export * from "./exports.js";
