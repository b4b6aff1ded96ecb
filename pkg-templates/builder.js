// How do files become a snapshot here? By wasm that only those load who have files of registries and no snapshot.

import init, { initSync } from "./wasm/skillmesh_build.js";
import { wasmModule } from "./wasm.js";

/** `initBuildSync` uses an already compiled `skillmesh_build_bg.wasm`. What is exported below can be used after `building`. */
export const { ready: building, use: initBuildSync } = wasmModule(init, initSync, "build");
export { build } from "./wasm/skillmesh_build.js";
