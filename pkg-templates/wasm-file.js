// What is in a wasm file that `init` was given as a Response? A body can be read once, and this thread and its workers all want it.

import { responseBytes } from "./download.js";

const contents = new WeakMap();

/** The file, which may be promised; of a Response what it held, for whoever asks. */
export async function contentOf(file) {
  const given = await file;
  if (typeof Response === "undefined" || !(given instanceof Response)) return given;
  if (!contents.has(given)) contents.set(given, read(given));
  return contents.get(given);
}

async function read(response) {
  const isStreamed = response.ok && response.headers.get("content-type") === "application/wasm" && WebAssembly.compileStreaming;
  return isStreamed ? WebAssembly.compileStreaming(response) : responseBytes(response, "wasm", {});
}
