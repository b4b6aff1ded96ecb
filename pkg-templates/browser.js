// Browsers and bundlers: wasm files are found by literal URLs, so that bundlers see them.
import { setEnvironment } from "./environment.js";
import { fetchBytes } from "./source.js";
setEnvironment({
  core: () => new URL("./wasm/skillmesh_bg.wasm", import.meta.url),
  embed: () => new URL("./wasm/skillmesh_embed_bg.wasm", import.meta.url),
  index: () => new URL("./wasm/skillmesh_index_bg.wasm", import.meta.url),
  read: fetchBytes,
});
export * from "./exports.js";
