// The engine, loaded on the first sign that somebody wants to search, and once per snapshot for all elements of a page.

import { DocSearch, Embedder } from "../browser.js";
import { readyCore } from "../core.js";

const opened = new Map();
const embedders = new Map();

/** Fetches and compiles the retriever; what goes wrong is told by whoever needs it. */
export function warm() {
  readyCore().catch(() => {});
}

/** The DocSearch of a snapshot, and `wantModel`, after which it joins meaning; `vectors` is the same snapshot with them, where it has none. */
export function shared(snapshot) {
  return once(opened, snapshot, () => open(snapshot));
}

async function open(snapshot) {
  let give;
  const model = new Promise((given) => (give = given)); // one that cannot be loaded is never given, so that another try may be
  const docs = await DocSearch.load(snapshot, { model });
  const wanted = new Map();
  const join = async ({ model: address, vectors }) => {
    const embedder = once(embedders, address, () => Embedder.load(address)); // two snapshots on one page read the same model once
    const [found] = await Promise.all([embedder, vectors && docs.reload(vectors)]);
    give(found);
    return docs.semanticReady;
  };
  return { docs, wantModel: (named) => once(wanted, "model", () => join(named())) }; // the first who asks says which
}

/** What `make` promised for this key; what failed is made anew for the next. */
function once(made, key, make) {
  if (!made.has(key)) made.set(key, make());
  const promise = made.get(key);
  promise.catch(() => made.get(key) === promise && made.delete(key));
  return promise;
}
