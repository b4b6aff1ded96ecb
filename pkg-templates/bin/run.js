// How does the native program run without being native? Compiled to wasm, with Node's files and terminal.

import { readFile } from "node:fs/promises";

const PROGRAM = new URL("../wasm/skillmesh_cli.wasm", import.meta.url);

/** Runs the program with these words; resolves to its exit code. */
export async function run(words) {
  const { WASI } = await quietly(() => import("node:wasi"));
  const env = { ...process.env, PWD: process.cwd() };
  const wasi = new WASI({ version: "preview1", args: ["skillmesh", ...words], env, preopens: { "/": "/" } });
  const program = await WebAssembly.compile(await readFile(PROGRAM));
  return wasi.start(await WebAssembly.instantiate(program, wasi.getImportObject()));
}

/** Node calls WASI experimental on every run, which tells the user of this program nothing. */
async function quietly(step) {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...about) => `${warning}`.includes("WASI") || emitWarning.call(process, warning, ...about);
  return step().finally(() => (process.emitWarning = emitWarning));
}
