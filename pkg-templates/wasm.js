// When can a wasm module be used? Once for all who want it; what failed is tried again by the next.

import { asSkillMeshError, guarded } from "./error.js";

/** `init` takes where a module is, or its bytes; `initSync` one that is compiled. `place` says where it is here. */
export function wasmModule(init, initSync, place) {
  let ready;
  const load = async () => {
    try {
      await init({ module_or_path: await place() });
    } catch (error) {
      ready = undefined;
      throw asSkillMeshError(error, "io");
    }
  };
  return {
    ready: () => (ready ??= load()),
    use({ module }) {
      guarded(() => initSync({ module }));
      ready = Promise.resolve();
    },
  };
}
