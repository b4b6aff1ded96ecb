// Where is what was learnt kept between visits? Bytes under one name, in whatever this environment has.

import { SkillMeshError, guarded, asSkillMeshError } from "./error.js";

/** In a database of the browser; also in extensions and workers. */
export function indexedDbStore({ database = "skillmesh", key = "state" } = {}) {
  const opened = () => {
    const request = guarded(() => indexedDB.open(database, 1));
    request.onupgradeneeded = () => request.result.createObjectStore("states");
    return settled(request);
  };
  const within = async (mode, step) => {
    const db = await opened();
    try {
      return await settled(step(db.transaction("states", mode).objectStore("states")));
    } finally {
      db.close();
    }
  };
  return {
    read: () => within("readonly", (states) => states.get(key)),
    write: async (bytes) => void (await within("readwrite", (states) => states.put(bytes, key))),
  };
}

/** In a namespace of Cloudflare KV, or anything with its `get` and `put`. */
export function kvStore(namespace, { key = "skillmesh-state" } = {}) {
  if (!namespace?.get || !namespace?.put) throw new SkillMeshError("invalid-argument", "namespace: expected an object with get and put");
  const read = async () => {
    const found = await namespace.get(key, "arrayBuffer");
    return found ? new Uint8Array(found) : undefined;
  };
  return { read, write: async (bytes) => void (await namespace.put(key, bytes)) };
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(asSkillMeshError(request.error, "io"));
  });
}
