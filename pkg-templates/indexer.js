// How do cards become a snapshot here? By wasm that only those load who change what they search.

import initIndex, { Indexer, applyDelta, initSync } from "./wasm/skillmesh_index.js";
import { started } from "./environment.js";
import { guarded } from "./error.js";

let ready;

/** Uses an already compiled module of `skillmesh_index_bg.wasm`. */
export function initIndexSync({ module }) {
  guarded(() => initSync({ module }));
  ready = Promise.resolve();
}

/** Resolves when the two below can be used. */
export function indexing() {
  ready ??= started("index", initIndex).catch((error) => {
    ready = undefined; // the next call tries again
    throw error;
  });
  return ready;
}

export { Indexer, applyDelta };
