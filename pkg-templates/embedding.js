// Which model embeds, and does it fit? One that is loaded here, an Embedder, or a caller's own function.

import { Embedder } from "./embedder.js";
import { SkillMeshError, asSkillMeshError, refused } from "./error.js";
import { unit } from "./vectors.js";

const UNNAMED = "model: expected `fingerprint` beside `embed`: as stats() and `skillmesh inspect` show it of a snapshot with this model's vectors";

/** The model, which may be promised, and whether it was loaded here: one that was passed may serve others. */
export async function loaded(source, downloads) {
  const given = await source;
  if (typeof given?.embed === "function") return { model: named(given), owned: false };
  return { model: await Embedder.load(given, downloads), owned: true };
}

/** Frees a model that nobody needs any more, unless it was passed. */
export function dropped(loading) {
  loading?.then(({ model, owned }) => owned && model.free(), () => {});
}

/** Throws unless a core's vectors are the model's. */
export function checkModel(core, { fingerprint, dimensions }) {
  core.checkModel(fingerprint);
  const expected = dimensionsOf(core);
  if (dimensions === undefined || dimensions === expected) return;
  throw new SkillMeshError("model-mismatch", `model: expected ${expected} dimensions, as the snapshot's vectors have, got ${dimensions}`);
}

/** By core: queries ask, and a core never changes. */
const known = new WeakMap();

/** What a core says of the model of its vectors, if it has some. */
export function modelOf(core) {
  if (!known.has(core)) known.set(core, JSON.parse(core.stats()).model);
  return known.get(core);
}

/** How many numbers each of a core's vectors has, if it has some. */
export function dimensionsOf(core) {
  return modelOf(core)?.dimensions;
}

/** The unit vector that a model gives for a text, if it is a vector. */
export async function vectorOf(model, text, dimensions, signal) {
  let said;
  try {
    said = await model.embed(text, { signal });
  } catch (error) {
    if (model instanceof Embedder || error === signal?.reason) throw error;
    throw new SkillMeshError("embed", `model.embed: ${asSkillMeshError(error).message}`, error);
  }
  const numbers = said?.[Symbol.iterator] && typeof said !== "string" ? Float32Array.from(said) : [];
  if (numbers.length === dimensions && numbers.every(Number.isFinite)) return unit(numbers, "model.embed");
  throw new SkillMeshError("embed", `model.embed: expected ${dimensions} finite numbers, got ${described(said, numbers)}`);
}

function described(said, numbers) {
  if (numbers.length === 0) return said === null ? "null" : typeof said;
  const odd = numbers.findIndex((number) => !Number.isFinite(number));
  return odd < 0 ? `${numbers.length}` : `${numbers.length} with ${numbers[odd]} at ${odd}`;
}

/** A caller's own model must say which one it is: vectors of another would be compared with the snapshot's, and mean nothing. */
function named(model) {
  const { fingerprint, name, dimensions } = model;
  if (typeof fingerprint !== "string" || fingerprint === "") throw refused(UNNAMED);
  if (name !== undefined && typeof name !== "string") throw refused(`model: name: expected a string, got ${typeof name}`);
  if (dimensions === undefined || (Number.isInteger(dimensions) && dimensions > 0)) return model;
  throw refused(`model: dimensions: expected a whole number from 1 on, got ${typeof dimensions === "number" ? dimensions : typeof dimensions}`);
}
