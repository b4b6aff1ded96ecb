// Node: wasm files lie beside this one; strings are paths unless they are addresses.
import { setEnvironment } from "./environment.js";
import { readBytes, wasmBytes } from "./files.js";
setEnvironment({
  core: () => wasmBytes("skillmesh_bg.wasm"),
  embed: () => wasmBytes("skillmesh_embed_bg.wasm"),
  index: () => wasmBytes("skillmesh_index_bg.wasm"),
  read: readBytes,
});
export * from "./exports.js";
export { fileStore } from "./files.js";
