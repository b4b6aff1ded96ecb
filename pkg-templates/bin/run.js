// How does the native program run without being native? Compiled to wasm, with Node's files and terminal.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

const PROGRAM = new URL("../wasm/skillmesh_cli.wasm", import.meta.url);
const MODELS = fileURLToPath(new URL("../models", import.meta.url));

/** Runs the program with these words; resolves to its exit code. */
export async function run(words) {
  withoutFastCalls();
  const { WASI } = await quietly(() => import("node:wasi"));
  const env = { ...process.env, SKILLMESH_PACKAGE_MODELS: MODELS, PWD: process.cwd() };
  const wasi = new WASI({ version: "preview1", args: ["skillmesh", ...words], env, preopens: { "/": "/" } });
  const program = await WebAssembly.compile(await readFile(PROGRAM));
  return wasi.start(await WebAssembly.instantiate(program, wasi.getImportObject()));
}

/**
 * Before Node 24 V8's fast calls into node:wasi leave a stack that a garbage collection cannot walk: long runs crash, or end with 139 after
 * their work. The flag must be set before node:wasi is imported. Versions that are well do not get it, since V8 complains about flags that it
 * no longer knows.
 */
function withoutFastCalls() {
  if (Number.parseInt(process.versions.node) < 24) setFlagsFromString("--no-turbo-fast-api-calls");
}

/** Node calls WASI experimental on every run, which tells the user of this program nothing. */
async function quietly(step) {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...about) => `${warning}`.includes("WASI") || emitWarning.call(process, warning, ...about);
  return step().finally(() => (process.emitWarning = emitWarning));
}
