// The engine, loaded on the first sign that somebody wants to search, and once per snapshot for all elements of a page.

import { DocSearch, Embedder } from "../browser.js";
import { readyCore } from "../core.js";

const opened = new Map();
const embedders = new Map();

/** Fetches and compiles the retriever; what goes wrong is told by whoever needs it. */
export function warm() {
  readyCore().catch(() => {});
}

/** The DocSearch of a snapshot, and `wantModel`, after which it joins meaning. One that failed is tried anew. */
export function shared(snapshot) {
  if (!opened.has(snapshot)) opened.set(snapshot, open(snapshot));
  const found = opened.get(snapshot);
  found.catch(() => opened.delete(snapshot));
  return found;
}

async function open(snapshot) {
  let want;
  const model = new Promise((asked) => (want = asked)); // the first who asks says which
  const docs = await DocSearch.load(snapshot, { model });
  return { docs, wantModel: (address) => want(embedder(address)) };
}

/** Two snapshots on one page read the same model once. */
function embedder(address) {
  if (!embedders.has(address)) embedders.set(address, Embedder.load(address));
  return embedders.get(address);
}
