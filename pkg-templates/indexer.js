// How do cards become a snapshot here? By wasm that only those load who change what they search.

import init, { initSync } from "./wasm/skillmesh_index.js";
import { wasmModule } from "./wasm.js";

/** `initIndexSync` uses an already compiled `skillmesh_index_bg.wasm`. What is exported below can be used after `indexing`. */
export const { ready: indexing, use: initIndexSync } = wasmModule(init, initSync, "index");
export { Indexer, applyDelta } from "./wasm/skillmesh_index.js";
