// When is the retriever's wasm module ready?

import initCore, { initSync as initCoreSync } from "./wasm/skillmesh.js";
import { started } from "./environment.js";
import { guarded } from "./error.js";

let ready;

/** Uses an already compiled module of `skillmesh_bg.wasm`; needed where wasm can't be fetched. */
export function initSync({ module }) {
  guarded(() => initCoreSync({ module }));
  ready = Promise.resolve();
}

export function readyCore() {
  ready ??= started("core", initCore).catch((error) => {
    ready = undefined; // the next call tries again
    throw error;
  });
  return ready;
}
