// Browsers and bundlers: wasm files are found by literal URLs, so that bundlers see them.
import "./embed-browser.js";
import { setEnvironment } from "./environment.js";
setEnvironment({
  core: () => new URL("./wasm/skillmesh_bg.wasm", import.meta.url),
  index: () => new URL("./wasm/skillmesh_index_bg.wasm", import.meta.url),
});
export * from "./exports.js";
