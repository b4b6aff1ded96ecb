// Is what a caller passed of the kind that was expected? What is not is refused by name, before it reaches wasm.

import { refused } from "./error.js";

/** Refuses a value that is not what it should be. */
export function expected(name, what, value, isGood) {
  if (!isGood) throw refused(`${name}: expected ${what}, got ${kindOf(value)}`);
}

/** What a value is, in a message. */
export function kindOf(value) {
  if (value === null) return "null";
  if (value === "") return "an empty text";
  if (typeof value !== "object") return typeof value;
  return isPlain(value) ? "an object" : (value.constructor?.name ?? "an object");
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it is an object of no class, such as options are. */
export function isPlain(value) {
  return isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** Looked at where it is read. */
export const ANY = ["anything", () => true];
export const TEXT = ["a string", (value) => typeof value === "string"];
export const CALLABLE = ["a function", (value) => typeof value === "function"];
export const STORE = ["an object with a function `update`", (value) => typeof value?.update === "function"];
/** Options may be left out, as undefined or null. */
export const OPTIONS = ["an object", (value) => value === undefined || value === null || isObject(value)];

/** What options say, which may be nothing. */
export function settings(options) {
  return taken("options", OPTIONS, options) ?? {};
}

/** Of each class what its methods take: names with their kinds. */
const known = new Map();

/** Has all these methods of a class, or static ones, check what they are given; those that promise reject. */
export function checking(Class, methods, statics = {}) {
  known.set(Class, methods);
  const { prototype } = Class;
  for (const [name, takes] of Object.entries(methods)) prototype[name] = checked(prototype[name], takes);
  for (const [name, takes] of Object.entries(statics)) Class[name] = checked(Class[name], takes);
}

/** The same method, which checks first. */
export function checked(method, { promises = false, ...takes }) {
  const kinds = Object.entries(takes);
  const usable = (args) => [...kinds.map(([name, kind], i) => taken(name, kind, args[i])), ...args.slice(kinds.length)];
  if (!promises) return function (...args) { return method.apply(this, usable(args)); };
  return async function (...args) { return method.apply(this, usable(args)); };
}

/** As `checked`, for what asks for a method of the class in another thread, and so promises what it gives, but for `live`. */
export function checkedFor(Class, name, method) {
  const takes = known.get(Class)[name];
  return takes ? checked(method, { ...takes, promises: name !== "live" }) : method;
}

function taken(name, kind, value) {
  const [what, isGood] = kind;
  expected(name, what, value, isGood(value));
  return kind === OPTIONS ? (value ?? undefined) : value;
}
