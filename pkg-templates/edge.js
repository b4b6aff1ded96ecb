// Edge functions of Next and Vercel: as in a Worker, but there a wasm module is asked for with `?module`.
import core from "./wasm/skillmesh_bg.wasm?module";
import index from "./wasm/skillmesh_index_bg.wasm?module";
import "./embed-edge.js";
import { setEnvironment } from "./environment.js";
setEnvironment({ core: () => core, index: () => index });
export * from "./exports.js";
