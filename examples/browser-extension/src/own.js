// Which skills of the visitor's own are searched? A snapshot in a database that worker and pages share; without one, the packaged skills.

/** `{ name, bytes }`, or nothing. */
export function ownSnapshot() {
  return within("readonly", (files) => files.get("snapshot"));
}

/** Keeps a snapshot, which should have been checked, in place of the one before. */
export function keepSnapshot(name, bytes) {
  return within("readwrite", (files) => files.put({ name, bytes }, "snapshot"));
}

export function dropSnapshot() {
  return within("readwrite", (files) => files.delete("snapshot"));
}

/** What `step` asks of the files, when it is safely done. */
async function within(mode, step) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("files", mode);
      const request = step(transaction.objectStore("files"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("extension", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
