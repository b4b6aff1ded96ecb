// Node, Deno and Bun: the wasm file and the model lie beside this one; strings are paths unless they are addresses.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setEnvironment } from "./environment.js";
import { readBytes } from "./files.js";
setEnvironment({
  embed: () => readBytes(join(dirname(fileURLToPath(import.meta.url)), "wasm/skillmesh_embed_bg.wasm"), "wasm"),
  model: () => join(dirname(fileURLToPath(import.meta.url)), "models/skillmesh-mini.msgpack"),
  read: readBytes,
  wasm: readBytes,
});
export * from "./embed.js";
