// When is the retriever's wasm module ready?

import init, { initSync as sync } from "./wasm/skillmesh.js";
import { wasmModule } from "./wasm.js";

/** `initSync` uses an already compiled `skillmesh_bg.wasm`; needed where wasm can't be fetched. */
export const { ready: readyCore, use: initSync } = wasmModule(init, sync, "core");
