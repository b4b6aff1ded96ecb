// What is the package? The same in every environment.
export { SkillMesh } from "./mesh.js";
export { DocSearch } from "./docs.js";
export { cacheStore, indexedDbStore, kvStore } from "./store.js";
export { init } from "./environment.js";
export { initSync } from "./core.js";
export { Embedder, initEmbedSync } from "./embedder.js";
export { initBuildSync } from "./builder.js";
export { initIndexSync } from "./indexer.js";
export { SkillMeshError } from "./error.js";
