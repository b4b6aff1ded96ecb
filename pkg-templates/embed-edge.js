// Edge functions of Next and Vercel: as in a Worker, but there a wasm module is asked for with `?module`.
import embed from "./wasm/skillmesh_embed_bg.wasm?module";
import { setEnvironment } from "./environment.js";
setEnvironment({ embed: () => embed });
export * from "./embed.js";
