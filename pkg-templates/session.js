// What do an open snapshot of cards and one of documents have in common? Wasm's half, a model, and a way to ask both.

import { Core } from "./wasm/skillmesh.js";
import { readyCore } from "./core.js";
import { Embedder } from "./embedder.js";
import { environment } from "./environment.js";
import { SkillMeshError, asSkillMeshError, guarded } from "./error.js";
import { toBytes } from "./source.js";

/** The session of a SkillMesh or DocSearch; not for callers. */
export const session = Symbol("session");

/** Options that never reach wasm's options object. */
const APART = ["vector", "signal", "docs", "docsOptions"];

/** No option is nested deeper. */
const DEEPEST = 4;

export function refused(message) {
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
  const unknown = Object.keys(options ?? {}).find((name) => !known.includes(name));
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
  /** What answered before: who explains an answer may still ask it. */
  #previous = null;
  #embedder = null;
  /** Whether the embedder was loaded here; one that was passed may serve others. */
  #owned = false;
  /** Puts changes that nobody has asked about yet into another core. */
  #settle = null;

  /** Opens a snapshot as an `Opened` of the wasm module. */
  static async open(Opened, snapshot, { model, verify = false }) {
    const [bytes] = await Promise.all([toBytes(snapshot, "snapshot", environment().read), readyCore()]);
    const core = guarded(() => new Opened(bytes));
    if (verify) guarded(() => core.verify());
    return new Session(core, model);
  }

  constructor(core, model) {
    this.#core = core;
    this.#attached(model === undefined ? Promise.resolve(false) : this.#attach(model));
  }

  /** Whether a model is at hand. */
  get isSemantic() {
    return this.#embedder !== null;
  }

  /**
   * What answers a query, and the query's vector by the model that belongs to it, where the mode wants one and a model is at
   * hand; explicit semantic modes wait for it.
   */
  async question(query, options) {
    const { mode, vector, syntax, signal } = options ?? {};
    this.checked(query);
    checkSignal(signal);
    if (vector || mode === "sparse") return { core: this.core(), vector: vector instanceof Float32Array ? vector.slice() : (vector ?? undefined) };
    await unlessAborted(mode && mode !== "auto" ? this.semanticReady : null, signal);
    const parts = this.#embedder ? queryParts(query, { syntax: syntax === true }).map((part) => this.embed(part)) : [];
    return { core: this.core(), vector: parts.length > 0 ? joined(parts) : undefined };
  }

  /** The query, which must be a text. */
  checked(query) {
    if (typeof query === "string") return query;
    throw refused(`query: expected a string, got ${typeof query}`);
  }

  /** The vector of one text. */
  embed(text) {
    return this.#embedder.embed(text);
  }

  /** What a method of the core says in JSON. */
  ask(method, ...args) {
    return ask(this.core(), method, ...args);
  }

  /** What a method of the core says. */
  tell(method, ...args) {
    return tell(this.core(), method, ...args);
  }

  /** What answers now. */
  core() {
    if (!this.#core) throw new SkillMeshError("freed", "this snapshot was freed; load it again");
    const settle = this.#settle;
    this.#settle = null;
    settle?.();
    return this.#core;
  }

  /** Has `settle` called before the next question. */
  settleBy(settle) {
    this.#settle = settle;
  }

  /** The core of another snapshot, unless that is damaged or for another model than the one at hand, or than this `model`. */
  fit(core, model = this.#embedder, verify = false) {
    try {
      if (model) core.checkModel(model.fingerprint);
      if (verify) core.verify();
      return core;
    } catch (error) {
      core.free();
      throw asSkillMeshError(error);
    }
  }

  /** Lets another core answer from now on. */
  replace(core) {
    release(this.#previous);
    this.#previous = this.#core;
    this.#core = core;
    this.#settle = null;
  }

  /** The same from another snapshot; with a model for it, where it is another one. */
  async reload(snapshot, options, before) {
    checkKnown(options, ["model", "verify"]);
    const { model, verify = false } = options ?? {};
    const [bytes, embedder] = await Promise.all([toBytes(snapshot, "snapshot", environment().read), model && loaded(model)]);
    const next = this.fit(guarded(() => this.core().replaced(bytes)), embedder, verify);
    before?.();
    this.replace(next);
    if (embedder) this.#use(embedder, !(model instanceof Embedder));
  }

  free() {
    release(this.#previous);
    release(this.#core);
    if (this.#owned) this.#embedder?.free();
    this.#core = this.#previous = this.#embedder = this.#settle = null;
  }

  async #attach(model) {
    const given = await model; // may be the promise of an Embedder
    const embedder = await loaded(given);
    const owned = !(given instanceof Embedder);
    try {
      this.tell("checkModel", embedder.fingerprint);
    } catch (error) {
      if (owned) embedder.free();
      throw error;
    }
    this.#use(embedder, owned);
    return true;
  }

  #use(embedder, owned) {
    if (this.#owned) this.#embedder?.free();
    this.#embedder = embedder;
    this.#owned = owned;
    this.#attached(Promise.resolve(true));
  }

  #attached(ready) {
    this.semanticReady = ready;
    ready.catch(() => {}); // whoever awaits `semanticReady` sees it; nobody else is disturbed
  }
}

const released = new WeakSet();

function release(core) {
  core?.free();
  if (core) released.add(core);
}

/** What a method of one core says. */
export function tell(core, method, ...args) {
  if (released.has(core)) throw new SkillMeshError("freed", "the snapshot that gave this answer was replaced twice or freed; ask again");
  return guarded(() => core[method](...args));
}

/** The same in JSON. */
export function ask(core, method, ...args) {
  return JSON.parse(tell(core, method, ...args));
}

async function loaded(model) {
  return model instanceof Embedder ? model : Embedder.load(model);
}
