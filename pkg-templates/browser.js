// Browsers and bundlers: wasm files are found by literal URLs, so that bundlers see them.
import "./embed-browser.js";
import { served, setEnvironment } from "./environment.js";
setEnvironment({
  core: () => served(new URL("./wasm/skillmesh_bg.wasm", import.meta.url)),
  index: () => served(new URL("./wasm/skillmesh_index_bg.wasm", import.meta.url)),
});
export * from "./exports.js";
