// For whoever loads wasm in a way of their own: call initSync (and initEmbedSync, initIndexSync) with compiled modules first.
import { setEnvironment } from "./environment.js";
import { SkillMeshError } from "./error.js";
import { fetchBytes } from "./source.js";
const missing = (call) => () => Promise.reject(new SkillMeshError("not-initialised", `call ${call}({ module }) first, or import "skillmesh"`));
setEnvironment({ core: missing("initSync"), embed: missing("initEmbedSync"), index: missing("initIndexSync"), read: fetchBytes });
export * from "./exports.js";
