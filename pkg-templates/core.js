// When is the retriever's wasm module ready?

import initCore, { initSync as initCoreSync } from "./wasm/skillmesh.js";
import { environment } from "./environment.js";
import { guarded } from "./error.js";

let ready;

/** Uses an already compiled module of `skillmesh_bg.wasm`; needed where wasm can't be fetched. */
export function initSync({ module }) {
  guarded(() => initCoreSync({ module }));
  ready = Promise.resolve();
}

export function readyCore() {
  ready ??= Promise.resolve(environment().core()).then((module_or_path) => initCore({ module_or_path }));
  ready.catch(() => (ready = undefined)); // a network that failed once may do better
  return ready;
}
