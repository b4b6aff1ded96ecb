// What may callers say, and how is it taken?

import { heeded, refused } from "./error.js";
import { expected, isObject } from "./expected.js";

/** Options that never reach wasm's options object. */
const APART = ["vector", "signal", "docs", "docsOptions"];

/** No option is nested deeper. */
const DEEPEST = 4;

/** The options as they are now, for wasm: what is worked out later must not see them changed. What is undefined is not said. */
export function kept(options) {
  expected("options", "an object", options, options == null || isObject(options));
  const said = Object.entries(options ?? {}).filter(([name, value]) => !APART.includes(name) && value !== undefined && value !== null);
  return Object.fromEntries(said.map(([name, value]) => [name, copied(value, name, 0)]));
}

function copied(value, name, depth) {
  if (["function", "symbol"].includes(typeof value) || depth > DEEPEST) throw refused(`${name}: not something that an option can be`);
  if (Array.isArray(value)) return value.map((one) => copied(one, name, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copied(one, name, depth + 1)]));
}

/** Refuses options that nobody knows: a misspelt one would silently count for nothing. */
export function checkKnown(options, known) {
  const unknown = Object.keys(options ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refused(`there is no option \`${unknown}\`; expected ${known.join(", ")}`);
}

/** Throws the signal's reason if it is aborted. */
export function checkSignal(signal) {
  if (signal && !(signal instanceof AbortSignal)) throw refused("signal: expected an AbortSignal");
  signal?.throwIfAborted();
}

/** Resolves with `promise`, unless the signal is aborted first. */
export async function unlessAborted(promise, signal) {
  if (!signal) return promise;
  if (signal.aborted) heeded(promise);
  signal.throwIfAborted();
  let leave;
  const aborted = new Promise((_, reject) => signal.addEventListener("abort", (leave = () => reject(signal.reason)), { once: true }));
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener("abort", leave));
}
