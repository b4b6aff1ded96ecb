// What do an open snapshot of cards and one of documents have in common? Wasm's half, a model, and a way to ask both.

import { Core } from "./wasm/skillmesh.js";
import { readyCore } from "./core.js";
import { Embedder } from "./embedder.js";
import { environment } from "./environment.js";
import { SkillMeshError, guarded } from "./error.js";
import { toBytes } from "./source.js";

/** The session of a SkillMesh or DocSearch; not for callers. */
export const session = Symbol("session");

/** Options that never reach wasm's options object. */
const APART = ["vector", "signal", "docs", "docsOptions"];

/** No option is nested deeper. */
const DEEPEST = 4;

function refused(message) {
  return new SkillMeshError("invalid-argument", message);
}

/** The options as they are now, for wasm: what is worked out later must not see them changed. What is undefined is not said. */
export function kept(options) {
  const said = Object.entries(options ?? {}).filter(([name, value]) => !APART.includes(name) && value !== undefined && value !== null);
  return Object.fromEntries(said.map(([name, value]) => [name, copied(value, name, 0)]));
}

function copied(value, name, depth) {
  if (["function", "symbol"].includes(typeof value) || depth > DEEPEST) throw refused(`${name}: not something that an option can be`);
  if (Array.isArray(value)) return value.map((one) => copied(one, name, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copied(one, name, depth + 1)]));
}

/** Refuses options that nobody knows: a misspelt one would silently count for nothing. */
export function checkKnown(options, known) {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refused(`there is no option \`${unknown}\`; expected ${known.join(", ")}`);
}

/** Throws the signal's reason if it is aborted. */
export function checkSignal(signal) {
  if (signal && !(signal instanceof AbortSignal)) throw refused("signal: expected an AbortSignal");
  signal?.throwIfAborted();
}

/** Resolves with `promise`, unless the signal is aborted first. */
async function unlessAborted(promise, signal) {
  if (!signal) return promise;
  let leave;
  const aborted = new Promise((_, reject) => signal.addEventListener("abort", (leave = () => reject(signal.reason)), { once: true }));
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener("abort", leave));
}

/** The texts whose vectors, one after the other, make the option `vector`: the query, then its sentences. */
export function queryParts(query, { syntax = false } = {}) {
  return JSON.parse(guarded(() => Core.queryParts(query, syntax)));
}

function joined(vectors) {
  const all = new Float32Array(vectors.length * vectors[0].length);
  vectors.forEach((vector, i) => all.set(vector, i * vector.length));
  return all;
}

export class Session {
  #core;
  #embedder = null;
  /** Whether the embedder was loaded here; one that was passed may serve others. */
  #owned = false;

  /** Opens a snapshot as an `Opened` of the wasm module. */
  static async open(Opened, snapshot, { model, verify = false }) {
    const [bytes] = await Promise.all([toBytes(snapshot, "snapshot", environment().read), readyCore()]);
    const core = guarded(() => new Opened(bytes));
    if (verify) guarded(() => core.verify());
    return new Session(core, model);
  }

  constructor(core, model) {
    this.#core = core;
    this.semanticReady = model === undefined ? Promise.resolve(false) : this.#attach(model);
    this.semanticReady.catch(() => {}); // whoever awaits `semanticReady` sees it; nobody else is disturbed
  }

  /** Whether a model is at hand. */
  get isSemantic() {
    return this.#embedder !== null;
  }

  /** The query's vector, where the mode wants one and a model is at hand; explicit semantic modes wait for it. */
  async vector(query, { mode, vector, syntax, signal }) {
    this.checked(query);
    checkSignal(signal);
    if (vector || mode === "sparse") return vector instanceof Float32Array ? vector.slice() : vector;
    await unlessAborted(mode && mode !== "auto" ? this.semanticReady : null, signal);
    return this.#embedder && joined(queryParts(query, { syntax: syntax === true }).map((part) => this.#embedder.embed(part)));
  }

  /** The query, which must be a text. */
  checked(query) {
    if (typeof query === "string") return query;
    throw refused(`query: expected a string, got ${typeof query}`);
  }

  /** What a method of the core says in JSON. */
  ask(method, ...args) {
    return JSON.parse(this.tell(method, ...args));
  }

  /** What a method of the core says. */
  tell(method, ...args) {
    return guarded(() => this.core()[method](...args));
  }

  core() {
    if (this.#core) return this.#core;
    throw new SkillMeshError("freed", "this snapshot was freed; load it again");
  }

  free() {
    this.#core?.free();
    if (this.#owned) this.#embedder?.free();
    this.#core = this.#embedder = null;
  }

  async #attach(model) {
    this.#owned = !(model instanceof Embedder);
    const embedder = this.#owned ? await Embedder.load(model) : model;
    try {
      this.tell("checkModel", embedder.fingerprint);
    } catch (error) {
      if (this.#owned) embedder.free();
      throw error;
    }
    this.#embedder = embedder;
    return true;
  }
}
