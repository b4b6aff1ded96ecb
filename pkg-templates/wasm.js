// When can a wasm module be used? Once for all who want it; what failed is tried again by the next.

import { FILE, environment, isPlace } from "./environment.js";
import { SkillMeshError, asSkillMeshError, guarded } from "./error.js";
import { expected } from "./expected.js";
import { contentOf } from "./wasm-file.js";

/** `init` takes where a module is, or its bytes; `initSync` one that is compiled. `name` is what environments call it. */
export function wasmModule(init, initSync, name) {
  let ready;
  const { begun } = environment();
  const load = () => begun.add(name) && started(name, init).catch((error) => {
    ready = undefined;
    begun.delete(name);
    throw asSkillMeshError(error, "io");
  });
  return {
    ready: () => (ready ??= load()),
    use(given) {
      expected("module", "initSync({ module }) with a compiled WebAssembly.Module", given?.module, isSomething(given?.module));
      guarded(() => initSync({ module: given.module }));
      begun.add(name);
      ready = Promise.resolve();
    },
  };
}

function isSomething(file) {
  return typeof file === "object" && file !== null;
}

/** Starts the wasm module `name` with its file. */
async function started(name, init) {
  let file;
  try {
    file = await environment()[name]();
    expected("file", FILE, file, typeof file === "string" || isSomething(file));
    await init({ module_or_path: isPlace(file) ? await environment().wasm(file, name) : await contentOf(file) });
  } catch (error) {
    if (error?.code === "not-initialised") throw error;
    throw new SkillMeshError("io", `expected a wasm file${isPlace(file) ? ` at ${file}` : ""}: ${said(error, name)}`, error);
  }
}

/** What went wrong, and what helps: where a page's policy forbids all wasm, no other file does. */
function said(error, name) {
  const message = error?.message ?? String(error);
  const isForbidden = /\bCSP\b|content security policy|unsafe-eval/i.test(message);
  return `${message}; ${isForbidden ? "the page's policy must allow script-src 'wasm-unsafe-eval'" : `init({ ${name}: URL }) says where it is`}`;
}
