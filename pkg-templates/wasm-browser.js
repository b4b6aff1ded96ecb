// Where are the wasm files of a browser's page or worker? At literal URLs, so that bundlers see them.
import "./embed-browser.js";
import { served, setEnvironment } from "./environment.js";
setEnvironment({
  core: () => served(new URL("./wasm/skillmesh_bg.wasm", import.meta.url)),
  index: () => served(new URL("./wasm/skillmesh_index_bg.wasm", import.meta.url)),
  build: () => served(new URL("./wasm/skillmesh_build_bg.wasm", import.meta.url)),
});
