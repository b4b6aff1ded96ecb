// What is the embedder alone? The same in every environment.
export { init } from "./environment.js";
export { Embedder, initEmbedSync } from "./embedder.js";
export { SkillMeshError } from "./error.js";
