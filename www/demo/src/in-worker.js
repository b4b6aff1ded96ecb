// What answers by meaning? A second search in a worker, whose sums hold up nobody who types.

import workerAddress from "skillmesh/worker?worker&url";
import { CACHE, MODEL } from "./data.js";
import { trusted } from "./trusted.js";

/** A search of `Kind` over a snapshot with vectors, once its model is there. */
export async function inWorker(Kind, snapshot, onProgress) {
  const worker = new Worker(trusted(workerAddress), { type: "module" });
  try {
    const search = await Kind.load(snapshot, { worker, model: MODEL, cache: CACHE, onProgress });
    await search.semanticReady;
    return search;
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
