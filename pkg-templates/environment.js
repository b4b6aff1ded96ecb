// Where are the wasm files here, and how are addresses read? An entry says so when it is imported; before that, nobody knows.

import { SkillMeshError, refused } from "./error.js";
import { download } from "./download.js";

const missing = (call) => () => {
  throw new SkillMeshError("not-initialised", `call ${call}({ module }) or init first, or import "skillmesh"`);
};

const places = { core: missing("initSync"), embed: missing("initEmbedSync"), index: missing("initIndexSync"), build: missing("initBuildSync") };
const names = Object.keys(places);
const here = { ...places, read: download, given: {} };

/** What the entry says: of the wasm files that `init` was not given. */
export function setEnvironment(said) {
  const left = Object.entries(said).filter(([name]) => !(name in here.given));
  Object.assign(here, Object.fromEntries(left));
}

export function environment() {
  return here;
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
    here[name] = () => file;
    here.given[name] = file;
  }
}
