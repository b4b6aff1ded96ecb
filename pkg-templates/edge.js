// Edge functions of Next and Vercel: as in a Worker, but there a wasm module is asked for with `?module`.
import core from "./wasm/skillmesh_bg.wasm?module";
import build from "./wasm/skillmesh_build_bg.wasm?module";
import index from "./wasm/skillmesh_index_bg.wasm?module";
import "./embed-edge.js";
import { setEnvironment } from "./environment.js";
setEnvironment({ build: () => build, core: () => core, index: () => index });
export * from "./exports.js";
