// When does meaning answer, and what makes vectors? The packaged model, once it is there.

import { problem } from "./answers.js";
import { embedder, loadedEmbedder } from "./opened.js";

/**
 * The mode for a query and, where meaning answers, its vector. Without a mode keywords answer until the model is there, which that
 * request has begun to load; `final` says whether the same question will be answered the same.
 */
export async function withMeaning(search, query, { mode = "auto", syntax }, here) {
  const off = here.env.MEANING === "off";
  if (off && ["dense", "hybrid"].includes(mode)) throw problem(400, "no-model", `mode: expected sparse, as this Worker has no model, got ${mode}`);
  if (mode === "sparse" || off) return { mode: "sparse", final: true };
  if (!["auto", "dense", "hybrid"].includes(mode)) return { final: true }; // the package says what is wrong with it
  const waits = mode !== "auto" || loadedEmbedder();
  if (!waits) here.ctx.waitUntil(embedder(here).catch((error) => console.error(error)));
  if (!waits) return { mode: "sparse", final: false };
  return { mode: mode === "auto" ? "hybrid" : mode, vector: vectorOf(await embedder(here), search, query, syntax), final: true };
}

/** The vectors of the query and its sentences, one after the other. */
function vectorOf(model, search, query, syntax) {
  checkModel(model, search);
  const vectors = search.queryParts(query, { syntax: syntax === true }).map((part) => embed(model, part));
  const all = new Float32Array(vectors.length * model.dimensions);
  vectors.forEach((vector, i) => all.set(vector, i * model.dimensions));
  return all;
}

/** Vectors of two models can't be compared. */
function checkModel(model, search) {
  const wanted = search.stats().model?.fingerprint;
  if (wanted === model.fingerprint) return;
  throw problem(500, "model-mismatch", `the snapshot's vectors are of the model ${wanted ?? "none"}, the packaged model is ${model.fingerprint}`);
}

/**
 * The one place where a text becomes a vector. Whoever embeds elsewhere, as with the binding of Workers AI, does it here, loads no
 * Embedder in `opened.js`, and builds the snapshots with that very model.
 */
function embed(model, text) {
  return model.embed(text);
}
