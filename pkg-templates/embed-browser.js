// Browsers and bundlers: the wasm file and the model are found by literal URLs, so that bundlers see them.
import { served, setEnvironment } from "./environment.js";
setEnvironment({
  embed: () => served(new URL("./wasm/skillmesh_embed_bg.wasm", import.meta.url)),
  model: () => served(new URL("./models/skillmesh-mini.msgpack", import.meta.url)),
});
export * from "./embed.js";
