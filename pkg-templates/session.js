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

/** The options as they are now, for wasm: what is worked out later must not see them changed. */
export function kept(options) {
  const copy = {};
  for (const [name, value] of Object.entries(options)) {
    if (!APART.includes(name)) copy[name] = typeof value === "object" && value ? structuredClone(value) : value;
  }
  return copy;
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

  /** Opens a snapshot as an `Opened` of the wasm module. */
  static async open(Opened, snapshot, { model, verify = false } = {}) {
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
  async vector(query, { mode = "auto", vector, syntax }) {
    this.checked(query);
    if (vector !== undefined || mode === "sparse") return vector instanceof Float32Array ? vector.slice() : vector;
    if (mode !== "auto") await this.semanticReady;
    return this.#embedder && joined(queryParts(query, { syntax }).map((part) => this.#embedder.embed(part)));
  }

  /** The query, which must be a text. */
  checked(query) {
    if (typeof query === "string") return query;
    throw new SkillMeshError("invalid-argument", `query: expected a string, got ${typeof query}`);
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
    this.#embedder?.free();
    this.#core = this.#embedder = null;
  }

  async #attach(model) {
    const embedder = model instanceof Embedder ? model : await Embedder.load(model);
    this.tell("checkModel", embedder.fingerprint);
    this.#embedder = embedder;
    return true;
  }
}
