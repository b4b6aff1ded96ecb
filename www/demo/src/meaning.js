// Is meaning there, may it be fetched, and what is a text's vector? One worker serves a page.

import workerAddress from "./meaning-worker.js?worker&url";
import modelAddress from "../.stage/data/minilm.msgpack?url";

/** Bytes of the model, as the build found it. */
export const SIZE = MODEL_BYTES;

const KEPT = "meaning";

/** The model of a page: its `state` is idle, asking, loading, ready or failed; `arrived` resolves once it is ready. */
export function meaning() {
  const worker = lazily(startWorker);
  const listeners = new Set();
  let came;
  const here = { state: "idle", loaded: 0, error: null, arrived: new Promise((resolve) => (came = resolve)) };
  let loading;

  const become = (change) => {
    Object.assign(here, change);
    listeners.forEach((listener) => listener(here));
  };
  const load = () => {
    loading ??= begin();
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const begin = async () => {
    become({ state: "loading", loaded: 0, error: null });
    try {
      const model = new URL(modelAddress, document.baseURI).href;
      const { fingerprint } = await worker().call("load", { model }, (loaded) => become({ loaded }));
      become({ state: "ready", fingerprint });
      came();
    } catch (error) {
      become({ state: "failed", error });
      throw error;
    }
  };

  return Object.assign(here, {
    /** Calls `listener` with every change. */
    follow: (listener) => (listeners.add(listener), listener(here)),
    /** Somebody needs it: fetches it, unless that would cost a visitor who has not agreed. */
    want() {
      if (here.state !== "idle") return;
      if (isCostly() && !agreed()) become({ state: "asking" });
      else load().catch(() => {});
    },
    /** Fetches it; resolves when it is there. */
    load,
    agree() {
      agree();
      load().catch(() => {});
    },
    vector: (parts) => worker().call("embed", { parts }),
    /** A snapshot of files of the visitor's. */
    build: (files, byMeaning) => worker().call("build", { files, byMeaning }),
  });
}

function lazily(make) {
  let made;
  return () => (made ??= make());
}

/** Whether 24 MB may cost something here: on a phone, or where somebody saves data. */
export function isCostly() {
  const { saveData, effectiveType = "4g", type } = navigator.connection ?? {};
  return Boolean(saveData) || type === "cellular" || effectiveType !== "4g" || matchMedia("(pointer: coarse) and (max-width: 48rem)").matches;
}

function agreed() {
  try {
    return sessionStorage.getItem(KEPT) === "yes";
  } catch {
    return false;
  }
}

function agree() {
  try {
    sessionStorage.setItem(KEPT, "yes");
  } catch {
    // It holds for this page then.
  }
}

/** Policies with trusted types ask who vouches for a script's address: this module, for its own. */
export function trusted(address) {
  const policy = globalThis.trustedTypes?.createPolicy(`skillmesh-demo-${made++}`, { createScriptURL: (text) => text });
  return policy ? policy.createScriptURL(address) : address;
}

let made = 0;

function startWorker() {
  const worker = new Worker(trusted(workerAddress), { type: "module" });
  const open = new Map();
  let calls = 0;
  worker.addEventListener("message", ({ data: { id, loaded, result, error } }) => {
    if (loaded !== undefined) return open.get(id).tell?.(loaded);
    const { resolve, reject } = open.get(id);
    open.delete(id);
    if (error) reject(Object.assign(new Error(error.message), error));
    else resolve(result);
  });
  worker.addEventListener("error", (event) => {
    for (const { reject } of open.values()) reject(new Error(event.message || "the worker could not be started"));
    open.clear();
  });
  const call = (name, given, tell) => new Promise((resolve, reject) => {
    open.set(++calls, { resolve, reject, tell });
    worker.postMessage({ id: calls, call: name, ...given });
  });
  return { call };
}
