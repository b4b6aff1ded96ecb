// How long is a vector that a caller brings? It does not matter: directions are compared, and here each becomes one.

import { SkillMeshError } from "./error.js";

/** Unit vectors that were rounded are as long as this, more or less: they stay as they are, bit for bit. */
const ROUNDING = 1e-6;

/** The unit vector of the same direction; `what` is whose numbers they are. */
export function unit(numbers, what) {
  const length = Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));
  if (length === 0) throw new SkillMeshError("embed", `${what}: expected a vector with a direction, got nothing but zeros`);
  return Math.abs(length - 1) < ROUNDING ? numbers : numbers.map((number) => number / length);
}

/** The same for vectors that lie one after the other, if these are some. */
export function units(numbers, dimensions, what) {
  if (!dimensions || numbers.length % dimensions > 0) return numbers; // wasm refuses it
  const all = Float32Array.from(numbers);
  for (let at = 0; at < all.length; at += dimensions) all.set(unit(all.subarray(at, at + dimensions), what), at);
  return all;
}
