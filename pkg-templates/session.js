// What do an open snapshot of cards and one of documents have in common? Wasm's half, a model, and a way to ask both.

import { Core } from "./wasm/skillmesh.js";
import { readyCore } from "./core.js";
import { DOWNLOADING, downloading } from "./download.js";
import { Embedder } from "./embedder.js";
import { environment } from "./environment.js";
import { SkillMeshError, asSkillMeshError, guarded, refused } from "./error.js";
import { checkKnown, checkSignal, unlessAborted } from "./options.js";
import { toBytes } from "./source.js";

/** The session of a SkillMesh or DocSearch; not for callers. */
export const session = Symbol("session");

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
  /** How often another snapshot was asked for. */
  #reloads = 0;
  /** How downloads go, where a reload does not say it itself. */
  #downloads;

  /** Opens a snapshot as an `Opened` of the wasm module. */
  static async open(Opened, snapshot, { model, verify = false, ...options }) {
    const downloads = downloading(options);
    const [bytes] = await Promise.all([toBytes(snapshot, "snapshot", environment().read, downloads), readyCore()]);
    const core = guarded(() => new Opened(bytes));
    return new Session(sound(core, null, verify), model ?? undefined, downloads);
  }

  constructor(core, model, downloads) {
    this.#core = core;
    this.#downloads = downloads;
    this.#attached(model === undefined ? Promise.resolve(false) : this.#attach(model));
  }

  /** Whether a model is at hand. */
  get isSemantic() {
    return this.#embedder !== null;
  }

  /** What answers a query, and its vector; explicit semantic modes wait for the model. */
  async question(query, options) {
    await this.ready(query, options);
    return this.asked(query, options);
  }

  /** Resolves when a query can be asked as it should be. */
  async ready(query, options) {
    const { mode, vector, signal } = options ?? {};
    this.checked(query);
    checkSignal(signal);
    const waits = !vector && mode && mode !== "auto" && mode !== "sparse";
    await unlessAborted(waits ? this.semanticReady : null, signal);
  }

  /** What answers a query, and the query's vector by the model that belongs to it, where one is at hand and the mode wants it. */
  asked(query, options) {
    const { mode, vector, syntax } = options ?? {};
    const core = this.core();
    if (vector || mode === "sparse" || !this.#embedder) return { core, vector: vector instanceof Float32Array ? vector.slice() : (vector ?? undefined) };
    return { core, vector: joined(queryParts(query, { syntax: syntax === true }).map((part) => this.embed(part))) };
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

  /** Throws if the snapshot was freed. */
  checkOpen() {
    if (!this.#core) throw new SkillMeshError("freed", "this snapshot was freed; load it again");
  }

  /** What answers now. */
  core() {
    this.checkOpen();
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
  fit(core, model, verify) {
    return sound(core, model ?? this.#embedder, verify);
  }

  /** Lets another core answer from now on. */
  replace(core) {
    release(this.#previous);
    this.#previous = this.#core;
    this.#core = core;
    this.#settle = null;
    core.clearCache?.();
  }

  /** The same from another snapshot, with a model for it where it is another one; `before` is called right before. */
  async reload(snapshot, options, before) {
    checkKnown(options, ["model", "verify", ...DOWNLOADING]);
    const { model, verify } = options ?? {};
    const downloads = downloading({ ...this.#downloads, ...options });
    const call = ++this.#reloads;
    const loading = model === undefined || model === null ? undefined : loaded(model, downloads);
    try {
      const [bytes, found] = await Promise.all([toBytes(snapshot, "snapshot", environment().read, downloads), loading]);
      if (call !== this.#reloads) return dropped(loading); // a later call's snapshot is the newer one
      const next = this.fit(guarded(() => this.core().replaced(bytes)), found?.embedder, verify);
      before?.();
      this.replace(next);
      if (found) this.#use(found);
    } catch (error) {
      dropped(loading);
      throw error;
    }
  }

  free() {
    release(this.#previous);
    release(this.#core);
    if (this.#owned) this.#embedder?.free();
    this.#core = this.#previous = this.#embedder = this.#settle = null;
  }

  async #attach(model) {
    const loading = loaded(model, this.#downloads);
    const found = await loading;
    try {
      this.tell("checkModel", found.embedder.fingerprint);
    } catch (error) {
      dropped(loading);
      throw error;
    }
    this.#use(found);
    return true;
  }

  #use({ embedder, owned }) {
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

/** The core, unless it is for another model or, where that is to be verified, damaged. */
function sound(core, model, verify) {
  try {
    if (model) core.checkModel(model.fingerprint);
    if (verify) core.verify();
    return core;
  } catch (error) {
    core.free();
    throw asSkillMeshError(error);
  }
}

/** The model, which may be promised, and whether it was loaded here: one that was passed may serve others. */
async function loaded(model, downloads) {
  const given = await model;
  const owned = !(given instanceof Embedder);
  return { embedder: owned ? await Embedder.load(given, downloads) : given, owned };
}

/** Frees a model that nobody needs any more, unless it was passed. */
function dropped(loading) {
  loading?.then(({ embedder, owned }) => owned && embedder.free(), () => {});
}
