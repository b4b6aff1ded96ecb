// Where is what was learnt kept between visits? Bytes under one name, in whatever this environment has.
//
// A store has one method: `update(change)` hands the bytes that are kept, or undefined, to `change`, and keeps what that gives.

import { asSkillMeshError } from "./error.js";
import { expected, settings } from "./expected.js";

/** In a database of the browser; also in extensions and workers. Several tabs may update it at once. */
export function indexedDbStore(options) {
  const { database = "skillmesh", key = "state" } = settings(options);
  const update = async (change) => {
    const db = await opened(database);
    try {
      await changed(db, key, change);
    } catch (error) {
      throw asSkillMeshError(error, "io");
    } finally {
      db.close();
    }
  };
  return { update };
}

function opened(database) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("states");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(asSkillMeshError(request.error, "io"));
  });
}

/** One transaction from reading to writing, so that nobody writes in between; kept when that is complete. */
function changed(db, key, change) {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction("states", "readwrite");
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    const states = transaction.objectStore("states");
    const reading = states.get(key);
    reading.onsuccess = () => {
      try {
        states.put(change(reading.result), key);
      } catch (error) {
        reject(error);
        transaction.abort();
      }
    };
  });
}

/** In a namespace of Cloudflare KV, or anything with its `get` and `put`. */
export function kvStore(namespace, options) {
  expected("namespace", "an object with get and put", namespace, namespace?.get && namespace?.put);
  const { key = "skillmesh-state" } = settings(options);
  const update = async (change) => {
    const found = await namespace.get(key, "arrayBuffer");
    await namespace.put(key, change(found ? new Uint8Array(found) : undefined));
  };
  return { update };
}

/** In the cache of a browser or Worker, where it may be dropped. */
export function cacheStore(options) {
  const { name = "skillmesh", key = "https://skillmesh.invalid/state" } = settings(options);
  const update = async (change) => {
    const cache = await caches.open(name);
    const found = await cache.match(key);
    await cache.put(key, new Response(change(found && new Uint8Array(await found.arrayBuffer()))));
  };
  return { update };
}

/** Merges, both ways, what is kept with what was learnt where it takes time to ask: again, where somebody else has kept more meanwhile. */
export async function exchanged(mesh, store, options) {
  let [before, next, isKept] = [undefined, await mesh.exportState(), false];
  while (!isKept) {
    await store.update((found) => {
      isKept = !found || isSame(found, before);
      before = found;
      return isKept ? next : found;
    });
    if (!isKept) next = await mesh.importState(before, options).then(() => mesh.exportState());
  }
}

function isSame(one, other) {
  return one.length === other?.length && one.every((byte, i) => byte === other[i]);
}
