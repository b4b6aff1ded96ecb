// What can be asked of an open snapshot? Everything here is the same in every environment.

import initCore, { Core, initSync as initCoreSync } from "./wasm/skillmesh.js";
import { Embedder } from "./embedder.js";
import { environment } from "./environment.js";
import { SkillMeshError, guarded } from "./error.js";
import { toBytes } from "./source.js";

let coreReady;

/** Uses an already compiled module of `skillmesh_bg.wasm`; needed where wasm can't be fetched. */
export function initSync({ module }) {
  guarded(() => initCoreSync({ module }));
  coreReady = Promise.resolve();
}

function readyCore() {
  coreReady ??= Promise.resolve(environment().core()).then((module_or_path) => initCore({ module_or_path }));
  return coreReady;
}

function joined(vectors) {
  const all = new Float32Array(vectors.length * vectors[0].length);
  vectors.forEach((vector, i) => all.set(vector, i * vector.length));
  return all;
}

/** Most explanations and snippets are never read, so they are made when they are. */
function hit({ id, title, domain, description }, [, score, sparse_score, dense_score], explainer, snipper) {
  let snippet;
  return {
    id, title, domain, description, score, sparse_score, dense_score,
    get explain() { return explainer(); },
    get snippet() { return (snippet ??= snipper()); },
  };
}

/** The options as they are now: what is worked out later must not see them changed. */
function kept(options) {
  const copy = { ...options };
  for (const name of ["filter", "fusion"]) if (copy[name]) copy[name] = structuredClone(copy[name]);
  return copy;
}

const opening = Symbol("opening");

export class SkillMesh {
  #core;
  #embedder = null;
  #summaries = [];
  #semanticReady;

  constructor(key, core, model) {
    if (key !== opening) throw new SkillMeshError("invalid-argument", "use SkillMesh.load(snapshot) instead of new");
    this.#core = core;
    this.#semanticReady = model === undefined ? Promise.resolve(false) : this.#attach(model);
    this.#semanticReady.catch(() => {}); // whoever awaits `semanticReady` sees it; nobody else is disturbed
  }

  /** Opens a snapshot. Keyword search is ready when this resolves, semantic search when `semanticReady` does. */
  static async load(snapshot, { model, verify = false } = {}) {
    const [bytes] = await Promise.all([toBytes(snapshot, "snapshot", environment().read), readyCore()]);
    const core = guarded(() => new Core(bytes));
    if (verify) guarded(() => core.verify());
    return new SkillMesh(opening, core, model);
  }

  /** Resolves to whether semantic search is there; rejects when the model can't be used. */
  get semanticReady() {
    return this.#semanticReady;
  }

  /** The best cards for a query; the answer's `mode` says which legs answered. */
  async retrieve(query, options = {}) {
    const vector = await this.#vector(query, options);
    const asked = kept(options);
    const [mode, confidence, reason, ranked] = this.#ask("rank", query, asked, vector);
    let explanations;
    const explain = () => (explanations ??= this.#ask("explain", query, asked, vector));
    const hits = ranked.map((row, i) => {
      const [card, , , , passage] = row;
      const snippet = () => this.#ask("snippet", card, passage ?? undefined, query, asked.syntax === true);
      return hit(this.#summary(card), row, () => explain()[i], snippet);
    });
    return { query, mode, confidence, reason, hits };
  }

  /** A context block for `provider` with the best cards for a query. */
  async emit(provider, query, options = {}) {
    const vector = await this.#vector(query, options);
    return guarded(() => this.#open().emit(provider, query, options, vector));
  }

  /** The texts whose vectors, one after the other, make the option `vector`: the query, then its sentences. */
  queryParts(query, { syntax = false } = {}) {
    return JSON.parse(guarded(() => Core.queryParts(query, syntax)));
  }

  /** All cards in order of id, without their instructions. */
  cards() {
    return this.#ask("cards");
  }

  /** Counts, sizes, model and ranking settings. */
  stats() {
    return this.#ask("stats");
  }

  /** Gives the memory back; the instance can't be used afterwards. */
  free() {
    this.#core?.free();
    this.#embedder?.free();
    this.#core = this.#embedder = null;
  }

  async #attach(model) {
    const embedder = model instanceof Embedder ? model : await Embedder.load(model);
    guarded(() => this.#open().checkModel(embedder.fingerprint));
    this.#embedder = embedder;
    return true;
  }

  /** What a hit shows of a card: most cards are found again, so each crosses from wasm only once. */
  #summary(card) {
    return (this.#summaries[card] ??= this.#ask("summary", card));
  }

  /** The query's vector, where the mode wants one and a model is at hand; explicit semantic modes wait for it. */
  async #vector(query, { mode = "auto", vector, syntax }) {
    if (typeof query !== "string") throw new SkillMeshError("invalid-argument", `query: expected a string, got ${typeof query}`);
    if (vector !== undefined || mode === "sparse") return vector instanceof Float32Array ? vector.slice() : vector;
    if (mode !== "auto") await this.#semanticReady;
    return this.#embedder && joined(this.queryParts(query, { syntax }).map((part) => this.#embedder.embed(part)));
  }

  /** What a method of the core says in JSON. */
  #ask(method, ...args) {
    return JSON.parse(guarded(() => this.#open()[method](...args)));
  }

  #open() {
    if (this.#core) return this.#core;
    throw new SkillMeshError("freed", "this SkillMesh was freed; load it again");
  }
}

SkillMesh.prototype[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = SkillMesh.prototype.free;
