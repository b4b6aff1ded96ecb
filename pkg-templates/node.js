// Node, Deno and Bun: wasm files lie beside this one; strings are paths unless they are addresses.
import "./embed-node.js";
import { setEnvironment } from "./environment.js";
import { readBytes } from "./files.js";
setEnvironment({
  core: () => readBytes(new URL("./wasm/skillmesh_bg.wasm", import.meta.url), "wasm"),
  index: () => readBytes(new URL("./wasm/skillmesh_index_bg.wasm", import.meta.url), "wasm"),
});
export * from "./exports.js";
export { fileStore } from "./files.js";
