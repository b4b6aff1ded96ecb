// Where are the wasm files here, and how are addresses read? An entry says so when it is imported; before that, nobody knows.

import { SkillMeshError, refused } from "./error.js";
import { download } from "./download.js";

const missing = (call) => () => {
  throw new SkillMeshError("not-initialised", `call ${call}({ module }) or init first, or import "skillmesh"`);
};

const names = ["core", "embed", "index"];
const current = { core: missing("initSync"), embed: missing("initEmbedSync"), index: missing("initIndexSync"), read: download };

export function setEnvironment(environment) {
  Object.assign(current, environment);
}

export function environment() {
  return current;
}

/**
 * The development server of Vite moves scripts into a folder of its own and, before version 8, leaves the wasm files behind. Where that
 * folder lies in `node_modules`, the package is beside it.
 */
export function served(url) {
  return url.href.replace(/\/node_modules\/\.[^?#]+\/deps\/wasm\//, "/node_modules/skillmesh/wasm/");
}

/** Takes the wasm files from here: each a URL, Response, bytes or compiled module, or a promise of one. */
export function init(files) {
  for (const [name, file] of Object.entries(files)) {
    if (!names.includes(name)) throw refused(`there is no wasm file \`${name}\`; expected ${names.join(", ")}`);
    current[name] = () => file;
    current.given = { ...current.given, [name]: file };
  }
}
