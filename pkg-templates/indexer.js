// How do cards become a snapshot here, and what was found a block in the rarer forms? By wasm that only those load who ask for it.

import init, { initSync } from "./wasm/skillmesh_index.js";
import { wasmModule } from "./wasm.js";

/** `initIndexSync` uses an already compiled `skillmesh_index_bg.wasm`. What is exported below can be used after `indexing`. */
export const { ready: indexing, use: initIndexSync } = wasmModule(init, initSync, "index");
export { Indexer, applyDelta, writtenFor } from "./wasm/skillmesh_index.js";
