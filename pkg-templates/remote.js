// How is a mesh or a search used that lives in a worker? By the same methods, each of which asks there.

import { Embedder } from "./embedder.js";
import { environment } from "./environment.js";
import { SkillMeshError, freed, heeded, refused } from "./error.js";
import { checkedFor, expected } from "./expected.js";
import { Handed, Link } from "./link.js";
import { checkSignal, unlessAborted } from "./options.js";
import { PACKAGED } from "./packaged.js";
import { session } from "./session.js";
import { toBytes } from "./source.js";
import { contentOf } from "./wasm-file.js";

/** What is known of each worker: its link, how many use it, whether it was made here, and whether it has ended. */
const homes = new WeakMap();
/** Browsers do not say why. */
const UNSTARTED = "its script was not found (`worker` may be its address), or the page's policy forbids workers (worker-src)";
/** Milliseconds until a script that says nothing is taken for one that knows nothing of this package. */
const SILENCE = 20_000;
const SILENT = "does not answer: does its script import skillmesh/worker, and does it still run?";
/** Of each face its home, and the function that asks there. */
const faces = new WeakMap();

/** Opens a `kind` in a worker. `Local` is its class here, whose methods the face has too; `special` are those that ask otherwise. */
export async function remote(kind, Local, special, snapshot, { worker, ...options }) {
  checkSignal(options.signal);
  const home = homeOf(worker);
  home.users++;
  try {
    const [source, files] = await unlessAborted(Promise.all([crossing(snapshot, "snapshot", options), given()]), options.signal);
    const ask = await home.link.call(0, kind, source, { ...options, shards: placed(options.shards), model: modelOf(options) }, files);
    followed(options, ask);
    return face(Local, special, home, ask);
  } catch (error) {
    left(home);
    throw error;
  }
}

function homeOf(given) {
  const isTheirs = typeof given?.postMessage === "function";
  const worker = isTheirs ? given : started(given === true ? undefined : given);
  if (!homes.has(worker)) homes.set(worker, linked(worker, !isTheirs, given === true));
  if (!homes.get(worker).isOver) return homes.get(worker);
  throw new SkillMeshError("worker", "worker: this one has ended with the last that used it; pass true, a URL or another Worker");
}

/** Has the signal end the model's download too, which may go on when the snapshot is open. */
function followed({ model, signal }, ask) {
  if (!signal || model === null) return;
  const tell = () => ask("leave", [signal.reason]).catch(() => {});
  signal.addEventListener("abort", tell, { once: true });
  ask("semanticReady", []).catch(() => {}).finally(() => signal.removeEventListener("abort", tell));
}

function started(url) {
  const isPlace = url === undefined || typeof url === "string" || url instanceof URL;
  expected("worker", "true, a URL or a Worker", url, isPlace);
  if (!environment().worker) throw refused("worker: this entry of the package can start none; pass a Worker whose script imports skillmesh/worker");
  try {
    return environment().worker(url);
  } catch (error) {
    throw new SkillMeshError("worker", `worker: none can be started here: ${error.message}`, error);
  }
}

/** A channel of our own, beside what a worker's maker says to it. `isSure` says that its script is the package's. */
function linked(worker, isOwned, isSure) {
  const { port1, port2 } = new MessageChannel();
  const name = `skillmesh-worker-${Date.now()}-${Math.random()}`;
  const link = new Link(port1);
  const lost = (why) => link.end(new SkillMeshError("worker", `the worker ${why}`));
  const ended = (why = "") => lost(`has ended${why}; load again what was in it`);
  const silent = isSure ? undefined : setTimeout(() => homes.delete(worker) && lost(SILENT), SILENCE);
  silent?.unref?.(); // who waits keeps Node alive
  let isUp = false;
  link.begun.then(() => {
    isUp = true;
    clearTimeout(silent);
    globalThis.navigator?.locks?.request(name, () => ended()); // browsers tell of a worker's end only by the lock that it held
  });
  const unstarted = ({ message }) => isUp || lost(`could not start: ${message || UNSTARTED}`);
  if (worker.addEventListener) {
    worker.addEventListener("error", unstarted);
    port1.addEventListener("close", () => ended());
  } else {
    worker.on("error", (error) => (isUp ? ended(`: ${error.message}`) : unstarted(error)));
    worker.on("exit", () => ended());
  }
  worker.postMessage({ skillmesh: port2, name }, [port2]);
  if (isOwned) worker.unref?.();
  return { worker, link, isOwned, users: 0 };
}

/** A worker that was made here ends with the last who uses it. */
function left(home) {
  if (--home.users > 0 || !home.isOwned) return;
  home.link.end(freed());
  home.isOver = true;
  home.worker.terminate();
}

function face(Local, special, home, ask) {
  const call = { current: (...args) => ask(...args) };
  const asked = async (name, ...args) => call.current(name, args);
  const free = () => {
    if (!faces.delete(self)) return;
    ask("free", []).catch(() => {});
    call.current = () => Promise.reject(freed());
    left(home);
  };
  const methods = Object.getOwnPropertyNames(Local.prototype).filter((name) => !["constructor", "semanticReady"].includes(name));
  const own = { ...sourced, ...special };
  const method = (name) => (own[name] ? (...args) => own[name]({ self, home, asked }, ...args) : (...args) => asked(name, ...args));
  const self = Object.fromEntries(methods.map((name) => [name, checkedFor(Local, name, method(name))]));
  Object.assign(self, { free, worker: home.worker });
  Object.defineProperty(self, "semanticReady", { get: () => asked("semanticReady") });
  faces.set(self, { home, ask });
  return Object.assign(self, { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: free });
}

/** Methods that take what has to be read or found here first. */
const sourced = {
  async reload({ asked }, snapshot, options) {
    heeded(options?.model);
    return asked("reload", await crossing(snapshot, "snapshot", options), options && { ...options, model: modelOf(options) });
  },
  async applyDelta({ asked }, delta) {
    return asked("applyDelta", await crossing(delta, "delta"));
  },
  async importState({ asked }, state, options) {
    return asked("importState", await crossing(state, "state"), options);
  },
};

/** The function of a search that lives in the same worker as what asks for it. */
export function beside(home, docs) {
  const known = docs && faces.get(docs);
  if (known ? known.home === home : !docs?.[session]) return known?.ask ?? docs;
  throw refused("docs: this DocSearch does not live in the worker of the mesh; load both with the same `worker`, such as mesh.worker");
}

/** A promise of the model that is made when the worker asks for it: keywords need not wait. What names none crosses as it is. */
function modelOf({ model, ...options }) {
  return model === undefined || model === null ? model : () => crossing(model, "model", options);
}

/** A source as a worker can read it: addresses are the page's, and bodies are read here. */
async function crossing(source, what, options) {
  const given = await source;
  if (what === "model" && given === PACKAGED) return given;
  if (typeof given === "string" || given instanceof URL) return absolute(given);
  if (given instanceof Embedder) throw refused("model: an Embedder can't leave its thread; pass the model's address, so that the worker loads it");
  if (given instanceof Response) return new Handed(await toBytes(given, what, null, { onProgress: options?.onProgress }));
  if (typeof given?.embed === "function") {
    return { embed: (...asked) => given.embed(...asked), fingerprint: given.fingerprint, dimensions: given.dimensions };
  }
  if (given?.url !== undefined) return { url: await crossing(given.url, what, options), integrity: given.integrity };
  return given?.transfer ? { ...given, bytes: new Handed(given.bytes) } : given;
}

/** Shards are beside what the page names, not beside the worker. */
function placed(shards) {
  const { from } = shards ?? {};
  return typeof from === "string" || from instanceof URL ? { ...shards, from: absolute(from) } : shards;
}

function absolute(address) {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  return base ? new URL(address, base).href : String(address);
}

/** The wasm files that `init` was given here. */
async function given() {
  const { given } = environment();
  const content = async (name) => crossing(await contentOf(await environment()[name]()), "wasm");
  const files = Object.keys(given).map(async (name) => [name, await content(name)]);
  return Object.fromEntries(await Promise.all(files));
}
