// When can a wasm module be used? Once for all who want it; what failed is tried again by the next.

import { environment } from "./environment.js";
import { SkillMeshError, asSkillMeshError, guarded } from "./error.js";
import { contentOf } from "./wasm-file.js";

/** `init` takes where a module is, or its bytes; `initSync` one that is compiled. `name` is what environments call it. */
export function wasmModule(init, initSync, name) {
  let ready;
  const load = () => started(name, init).catch((error) => {
    ready = undefined;
    throw asSkillMeshError(error, "io");
  });
  return {
    ready: () => (ready ??= load()),
    use({ module }) {
      guarded(() => initSync({ module }));
      ready = Promise.resolve();
    },
  };
}

/** Starts the wasm module `name` with its file. */
async function started(name, init) {
  const file = await environment()[name]();
  try {
    await init({ module_or_path: await contentOf(file) });
  } catch (error) {
    const where = typeof file === "string" || file instanceof URL ? ` at ${file}` : "";
    throw new SkillMeshError("io", `expected a wasm file${where}: ${error.message}; init({ ${name}: URL }) says where it is`, error);
  }
}
