// The embedder alone.
export { Embedder, SkillMeshError, init, initEmbedSync } from "./skillmesh.js";
export type { Source, WasmFile } from "./skillmesh.js";
