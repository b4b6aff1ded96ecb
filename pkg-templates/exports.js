// What is the package? The same in every environment.
export { SkillMesh } from "./mesh.js";
export { DocSearch } from "./docs.js";
export { indexedDbStore, kvStore } from "./store.js";
export { initSync } from "./core.js";
export { Embedder, initEmbedSync } from "./embedder.js";
export { SkillMeshError } from "./error.js";
