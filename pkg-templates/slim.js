// For whoever loads wasm in a way of their own: call init with wherever the files are, or initSync, initEmbedSync, initIndexSync and
// initBuildSync with compiled modules, first.
export * from "./exports.js";
