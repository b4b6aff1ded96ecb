// Node, Deno and Bun: the wasm file lies beside this one; strings are paths unless they are addresses.
import { setEnvironment } from "./environment.js";
import { readBytes } from "./files.js";
setEnvironment({ embed: () => readBytes(new URL("./wasm/skillmesh_embed_bg.wasm", import.meta.url), "wasm"), read: readBytes });
export * from "./embed.js";
