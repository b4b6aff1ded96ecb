// Cloudflare Workers: wasm may not be compiled from bytes there, so the files are imported as modules.
import core from "./wasm/skillmesh_bg.wasm";
import build from "./wasm/skillmesh_build_bg.wasm";
import index from "./wasm/skillmesh_index_bg.wasm";
import "./embed-workerd.js";
import { setEnvironment } from "./environment.js";
setEnvironment({ build: () => build, core: () => core, index: () => index });
export * from "./exports.js";
