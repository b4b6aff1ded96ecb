// Where are the wasm files here, and how are addresses read? An entry says so when it is imported; before that, nobody knows.

import { SkillMeshError, heeded, refused } from "./error.js";
import { download } from "./download.js";
import { expected, isObject } from "./expected.js";

const missing = (call) => () => {
  throw new SkillMeshError("not-initialised", `call ${call}({ module }) or init first, or import "skillmesh"`);
};

const places = { core: missing("initSync"), embed: missing("initEmbedSync"), index: missing("initIndexSync"), build: missing("initBuildSync") };
const names = [...Object.keys(places), "model"];
const here = { ...places, model: undefined, read: download, beside, wasm: (place) => place, given: {}, begun: new Set() };

/** The address of a file that lies beside what is at an address. */
export function beside(place, file) {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  return new URL(file.split("/").map(encodeURIComponent).join("/"), base ? new URL(place, base) : place);
}

/** What the entry says: of the wasm files that `init` was not given. */
export function setEnvironment(said) {
  const left = Object.entries(said).filter(([name]) => !(name in here.given));
  Object.assign(here, Object.fromEntries(left));
}

export function environment() {
  return here;
}

/**
 * The development server of Vite moves scripts into a folder of its own and, before version 8, leaves the other files behind. Where that
 * folder lies in `node_modules`, the package is beside it.
 */
export function served(url) {
  return url.href.replace(/\/node_modules\/\.[^?#]+\/deps\/(wasm|models)\//, "/node_modules/skillmesh/$1/");
}

/**
 * Takes the wasm files and the package's model from here: each a URL (in Node also a path), Response, bytes or compiled module, a promise
 * of one, or a function that gives one anew for each try.
 */
export function init(files) {
  expected("files", "an object such as { core: URL }", files, isObject(files));
  for (const [name, file] of Object.entries(files)) {
    if (!names.includes(name)) throw refused(`there is no file \`${name}\`; expected ${names.join(", ")}`);
    if (file !== undefined && file !== null) take(name, file);
  }
}

function take(name, file) {
  expected(name, FILE, file, ["string", "object", "function"].includes(typeof file));
  if (isSame(file, here.given[name])) return;
  if (here.begun.has(name)) console.warn(`init: ${name}: it is loaded already; only workers that start from now on take another`);
  heeded(file);
  here[name] = typeof file === "function" ? file : () => file;
  here.given[name] = file;
}

function isSame(one, other) {
  return one === other || (isPlace(one) && isPlace(other) && String(one) === String(other));
}

/** What a wasm file may be. */
export const FILE = "a URL, path, Response, bytes or a compiled module";

/** Whether this says where something is. */
export function isPlace(file) {
  return typeof file === "string" || file instanceof URL;
}
