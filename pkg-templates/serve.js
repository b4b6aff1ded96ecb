// What does a worker do? It opens what it is told to, and answers for it.

import { DocSearch } from "./docs.js";
import { environment, init } from "./environment.js";
import { heeded } from "./error.js";
import { Handed, Link } from "./link.js";
import { SkillMesh } from "./mesh.js";

const kinds = { SkillMesh, DocSearch };
/** Of each function that the page has: what it asks. */
const opened = new WeakMap();

/** Does what the page says through a port, and holds the lock `name` for as long as it lives, where there are locks. */
export function serve({ skillmesh: port, name }) {
  const begin = () => new Link(port, open);
  const locks = globalThis.navigator?.locks;
  if (!locks) return begin();
  locks.request(name, () => begin() && new Promise(() => {}));
}

/** Opens a snapshot; gives the function that asks it. `model` promises what it is, so that keywords need not wait for it. */
async function open(kind, snapshot, { model, signal, ...options }, files) {
  const leave = new AbortController();
  signal?.addEventListener("abort", () => leave.abort(signal.reason), { once: true });
  init(stillWanted(files));
  const promised = typeof model === "function" ? model() : model;
  heeded(promised);
  const one = await kinds[kind].load(snapshot, { ...options, model: promised, signal: leave.signal });
  if (leave.signal.aborted) one.free(); // nobody will ask it
  const ask = async (name, args) => (name === "leave" ? leave.abort(...args) : crossing(await called(one, name, args)));
  opened.set(ask, one);
  return ask;
}

/** The wasm files that are not loaded yet: what else lives here may have loaded some. */
function stillWanted(files) {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !environment().begun.has(name)));
}

function called(one, name, args) {
  if (name === "semanticReady") return one.semanticReady;
  if (name === "reload" && args[1]?.model) args[1].model = args[1].model();
  if (name === "emit" && args[2]?.docs) args[2].docs = opened.get(args[2].docs) ?? args[2].docs;
  return one[name](...args);
}

function crossing(said) {
  return said instanceof Uint8Array ? new Handed(said) : said;
}
