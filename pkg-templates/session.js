// What do an open snapshot of cards and one of documents have in common? Wasm's half, a model, and a way to ask both.

import { Core, isRoot } from "./wasm/skillmesh.js";
import { readyCore } from "./core.js";
import { DOWNLOADING, downloading } from "./download.js";
import { environment } from "./environment.js";
import { Embedder, hasPackaged } from "./embedder.js";
import { SkillMeshError, asSkillMeshError, freed, guarded, heeded, refused, told } from "./error.js";
import { expected } from "./expected.js";
import { checkModel, dimensionsOf, dropped, loaded, modelOf, vectorOf } from "./embedding.js";
import { checkKnown, checkSignal, kept, unlessAborted } from "./options.js";
import { PACKAGED } from "./packaged.js";
import { Shards, placeOf, sharding } from "./shards.js";
import { noPage, toBytes } from "./source.js";
import { units } from "./vectors.js";

/** The session of a SkillMesh or DocSearch; not for callers. */
export const session = Symbol("session");

/** The texts whose vectors, one after the other, make the option `vector`: the query, then its sentences. */
export function queryParts(query, { syntax = false } = {}) {
  return JSON.parse(guarded(() => Core.queryParts(query, syntax)));
}

/** Whether a query insists on meaning. */
function isSemantic(mode) {
  return Boolean(mode) && mode !== "auto" && mode !== "sparse";
}

function joined(vectors) {
  const all = new Float32Array(vectors.length * vectors[0].length);
  vectors.forEach((vector, i) => all.set(vector, i * vector.length));
  return all;
}

/**
 * For each session with a query and its options what answers, and the query's vector by the model that belongs to it: all of them as they
 * are at one moment, whatever was replaced while a model embedded.
 */
export async function questions(...given) {
  const asked = given.map(([one, query, options]) => [one, query, said(options)]);
  await Promise.all(asked.map(([one, query, options]) => one.ready(query, options)));
  for (;;) {
    const found = await Promise.all(asked.map(([one, query, options]) => one.embedded(query, options)));
    const isCurrent = asked.every(([one], i) => !found[i].model || found[i].model === one.model);
    if (!isCurrent) continue;
    return Promise.all(asked.map(async ([one, query, options], i) => ({ core: await one.answering(query, options, found[i].vector), vector: found[i].vector })));
  }
}

/** What the options say of embedding, as it is now. */
function said(options) {
  const { mode, vector, syntax, signal } = options ?? {};
  expected("vector", "a Float32Array", vector, vector == null || vector instanceof Float32Array || Array.isArray(vector));
  const own = vector instanceof Float32Array ? vector.slice() : (vector ?? undefined);
  return { mode, vector: own, syntax: syntax === true, signal, all: kept(options) };
}

export class Session {
  #core;
  /** What answers from a root and its shards. */
  #ofShards;
  /** What answered before: who explains an answer may still ask it. */
  #previous = null;
  /** What embeds, once it is there, and how many numbers it gives. */
  #model = null;
  #dimensions = 0;
  /** Whether the model was loaded here; one that was passed may serve others. */
  #owned = false;
  /** Whether nobody named a model, so that the package's is taken where the vectors are its. */
  #follows;
  /** What stands for the load of a model that is on its way. */
  #attaching = null;
  /** Puts changes that nobody has asked about yet into another core. */
  #settle = null;
  /** How often another snapshot was asked for. */
  #reloads = 0;
  /** How downloads go, where a reload does not say it itself. */
  #downloads;
  /** The query that was embedded last, and by which model: whoever retrieves and then emits asks the same twice. */
  #last = null;
  /** Hears what fails where an answer comes all the same. */
  #onError;
  /** What ends the downloads that are on their way. */
  #leaving = new Set();

  /** Opens a snapshot as an `Opened` of the wasm module. */
  static async open(Opened, snapshot, { model, verify = false, onError = console.error, shards, ...options }) {
    expected("onError", "a function", onError, typeof onError === "function");
    const { signal, ...downloads } = downloading(options);
    const ofShards = openerOfShards(Opened, sharding(shards));
    const [bytes] = await unlessAborted(Promise.all([snapshotOf(snapshot, { ...downloads, signal }), readyCore()]), signal);
    const place = placeOf(await snapshot);
    const core = guarded(() => (isRoot(bytes) ? ofShards(bytes, place, downloads) : new Opened(bytes)));
    return new Session(ofShards, sound(core, null, verify), model, downloads, onError, signal);
  }

  constructor(ofShards, core, model, downloads, onError, signal) {
    this.#ofShards = ofShards;
    this.#core = core;
    this.#downloads = downloads;
    this.#onError = onError;
    this.#follows = model === undefined;
    this.#attached(model === undefined || model === null ? false : this.#attach(model, signal));
    this.follow(signal);
  }

  /** What embeds now; null where nothing does. */
  get model() {
    return this.#model;
  }

  /** Resolves when a query can be asked as it should be: explicit semantic modes wait for the model. */
  async ready(query, { mode, vector, signal }) {
    expected("query", "a string", query, typeof query === "string");
    checkSignal(signal);
    await unlessAborted(!vector && isSemantic(mode) ? this.semanticReady : null, signal);
  }

  /** The query's vector and the model that it is from, where one is at hand and the mode wants it. */
  async embedded(query, { mode, vector, syntax, signal }) {
    this.checkOpen();
    const model = this.#model;
    if (vector || mode === "sparse" || !model) return { vector: this.directions(vector) };
    const parts = queryParts(query, { syntax });
    const text = JSON.stringify(parts);
    if (this.#last?.text === text && this.#last.model === model) return this.#last;
    try {
      const vector = joined(await unlessAborted(Promise.all(parts.map((part) => this.embed(part, signal))), signal));
      if (model instanceof Embedder) this.#last = { text, model, vector };
      return { model, vector };
    } catch (error) {
      signal?.throwIfAborted();
      if (isSemantic(mode)) throw error;
      told(this.#onError, error); // keywords answer
      return { model };
    }
  }

  /** The vector of one text. */
  async embed(text, signal) {
    return vectorOf(this.#model, text, this.#dimensions, signal);
  }

  /** A caller's vectors, of which only the directions count. */
  directions(vector) {
    return vector ? units(vector, dimensionsOf(this.core()), "vector") : undefined;
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
    if (!this.#core) throw freed();
  }

  /** What answers now. */
  core() {
    this.checkOpen();
    const settle = this.#settle;
    this.#settle = null;
    settle?.();
    return this.#core;
  }

  /** What answers this query: of shards, those that it needs. */
  async answering(query, options, vector) {
    const core = this.core();
    if (!(core instanceof Shards)) return core;
    return core.answering(query, { ...this.asker, ...options.all }, vector, options.signal);
  }

  /** Whether what is searched is all here. */
  get isWhole() {
    return !(this.#core instanceof Shards);
  }

  /** Has `settle` called before the next question. */
  settleBy(settle) {
    this.#settle = settle;
  }

  /** The core of another snapshot, unless that is damaged, or for another model than was named: for it, or before. */
  fit(core, found, verify) {
    return sound(core, found ? found.model : this.#follows ? null : this.#model, verify);
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
    const { model, verify } = options ?? {};
    heeded(snapshot, model);
    checkKnown(options, ["model", "verify", ...DOWNLOADING]);
    const { signal, ...downloads } = downloading({ ...this.#downloads, ...options });
    return this.#whileHere(signal, (signal) => this.#reload(snapshot, model, { ...downloads, signal }, verify, before));
  }

  async #reload(snapshot, model, downloads, verify, before) {
    const call = ++this.#reloads;
    const none = model === null ? { model: null, owned: false } : undefined;
    const loading = model === undefined || none ? undefined : loaded(model, downloads);
    try {
      const [bytes, found = none] = await unlessAborted(Promise.all([snapshotOf(snapshot, downloads), loading]), downloads.signal);
      if (call !== this.#reloads) return dropped(loading); // a later call's snapshot is the newer one
      const place = placeOf(await snapshot);
      const opened = () => (isRoot(bytes) ? this.#ofShards(bytes, place, downloads) : this.core().replaced(bytes));
      const next = this.fit(guarded(opened), found, verify);
      before?.();
      if (found) this.#follows = false;
      this.replace(next);
      if (found) this.#use(found);
      this.follow();
    } catch (error) {
      dropped(loading);
      throw error;
    }
  }

  /** Takes over a model that was loaded for this: it goes when this does. */
  own() {
    this.#owned = true;
  }

  free() {
    this.#leaving.forEach((leave) => leave.abort(freed()));
    release(this.#previous);
    release(this.#core);
    if (this.#owned) this.#model?.free();
    this.#core = this.#previous = this.#model = this.#settle = this.#last = null;
  }

  /** Where nobody named a model: takes the package's for as long as the vectors are its. That it fails is told, since nobody asked for it. */
  follow(signal) {
    if (!this.#follows) return;
    const isPackaged = hasPackaged(modelOf(this.#core));
    if (!isPackaged && (this.#model || this.#attaching)) this.#use({ model: null, owned: false });
    if (!isPackaged || this.#model || this.#attaching) return;
    const attaching = this.#attach(PACKAGED, signal);
    attaching.catch((error) => signal?.aborted || !this.#core || told(this.#onError, error));
    this.#attached(attaching);
  }

  /** Uses a model when it is there, unless another one was wanted meanwhile. */
  async #attach(model, signal) {
    const call = {};
    this.#attaching = call;
    const isLast = () => this.#attaching === call;
    return this.#whileHere(signal, async (signal) => {
      const loading = loaded(model, { ...this.#downloads, signal });
      try {
        const found = await unlessAborted(loading, signal);
        if (!isLast()) return dropped(loading), this.semanticReady;
        const core = this.core();
        guarded(() => checkModel(core, found.model));
        this.#use(found);
        return true;
      } catch (error) {
        dropped(loading);
        if (!isLast()) return this.semanticReady;
        this.#attaching = null;
        throw error;
      }
    });
  }

  /** What `step` gives; its signal is aborted with the caller's, and when this is freed. */
  async #whileHere(signal, step) {
    const leave = new AbortController();
    const follow = () => leave.abort(signal.reason);
    signal?.addEventListener("abort", follow, { once: true });
    if (signal?.aborted) follow();
    this.#leaving.add(leave);
    try {
      return await step(leave.signal);
    } finally {
      this.#leaving.delete(leave);
      signal?.removeEventListener("abort", follow);
    }
  }

  #use({ model, owned }) {
    this.#attaching = null;
    if (this.#owned) this.#model?.free();
    this.#model = model;
    this.#owned = owned;
    this.#dimensions = dimensionsOf(this.#core);
    this.#attached(model !== null);
  }

  #attached(ready) {
    this.semanticReady = Promise.resolve(ready);
    heeded(this.semanticReady);
  }
}

/** What opens a root and its shards. It is kept, and with it whatever its scope has, so a snapshot's bytes are to be in another one. */
function openerOfShards(Opened, how) {
  return (root, place, downloads) => new Shards(root, Opened, { ...how, from: how.from ?? place }, downloads);
}

/** The bytes of a snapshot. */
async function snapshotOf(source, downloads) {
  return noPage(await toBytes(source, "snapshot", environment().read, downloads), "snapshot", await source);
}

const released = new WeakSet();

function release(core) {
  core?.free(release);
  if (core) released.add(core);
}

/** What a method of one core says. */
export function tell(core, method, ...args) {
  if (released.has(core)) throw new SkillMeshError("freed", "the snapshot that gave this answer was replaced twice or freed; ask again");
  if (!(method in core)) throw refused(`${method}: this takes all cards, and only some shards are here; load a snapshot that is not in shards`);
  return guarded(() => core[method](...args));
}

/** The same in JSON. */
export function ask(core, method, ...args) {
  return JSON.parse(tell(core, method, ...args));
}

/** The core, unless it is for another model or, where that is to be verified, damaged. */
function sound(core, model, verify) {
  try {
    if (model) checkModel(core, model);
    if (verify) core.verify();
    return core;
  } catch (error) {
    core.free();
    throw asSkillMeshError(error);
  }
}
