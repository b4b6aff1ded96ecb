// The embedder alone.
export { Embedder, SkillMeshError, init, initEmbedSync } from "./skillmesh.js";
export type { Source, WasmFile, WasmModule } from "./skillmesh.js";
