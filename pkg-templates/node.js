// Node, Deno and Bun: wasm files lie beside this one; strings are paths unless they are addresses. Bundlers for servers see the paths
// as they are written here, and would turn `new URL` into the address of a file for browsers, and fail at a `new Worker` whose entry has wasm.
import "./embed-node.js";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { setEnvironment } from "./environment.js";
import { besidePath, readBytes } from "./files.js";
setEnvironment({
  beside: besidePath,
  core: () => readBytes(join(dirname(fileURLToPath(import.meta.url)), "wasm/skillmesh_bg.wasm"), "wasm"),
  index: () => readBytes(join(dirname(fileURLToPath(import.meta.url)), "wasm/skillmesh_index_bg.wasm"), "wasm"),
  build: () => readBytes(join(dirname(fileURLToPath(import.meta.url)), "wasm/skillmesh_build_bg.wasm"), "wasm"),
  worker: (url) => Reflect.construct(Worker, [url ?? join(dirname(fileURLToPath(import.meta.url)), "worker-node.js"), { execArgv: [] }]),
});
export * from "./exports.js";
export { fileStore } from "./files.js";
