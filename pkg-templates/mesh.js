// Which cards answer a query? Everything here is the same in every environment.

import { Core } from "./wasm/skillmesh.js";
import { SkillMeshError } from "./error.js";
import { asOf, autoRoute, recordOutcome, route, search } from "./route.js";
import { Session, checkKnown, kept, queryParts, session } from "./session.js";

/** Most explanations and snippets are never read, so they are made when they are. */
function hit({ id, title, domain, description }, [, score, sparse_score, dense_score], explainer, snipper) {
  let snippet;
  return {
    id, title, domain, description, score, sparse_score, dense_score,
    get explain() { return explainer(); },
    get snippet() { return (snippet ??= snipper()); },
  };
}

export class SkillMesh {
  #summaries = [];

  constructor(opened) {
    if (!(opened instanceof Session)) throw new SkillMeshError("invalid-argument", "use SkillMesh.load(snapshot) instead of new");
    this[session] = opened;
  }

  /** Opens a snapshot. Keyword search is ready when this resolves, semantic search when `semanticReady` does. */
  static async load(snapshot, options = {}) {
    checkKnown(options, ["model", "verify", "routing"]);
    const opened = await Session.open(Core, snapshot, options);
    if (options.routing !== undefined) opened.tell("configure", options.routing);
    return new SkillMesh(opened);
  }

  /** Resolves to whether semantic search is there; rejects when the model can't be used. */
  get semanticReady() {
    return this[session].semanticReady;
  }

  /** The best cards for a query; the answer's `mode` says which legs answered. */
  async retrieve(query, options = {}) {
    const asked = asOf(options, false); // the same query gives the same hits, unless feedback is asked for
    const vector = await this[session].vector(query, options ?? {});
    const ask = (method) => this[session].ask(method, query, asked, vector);
    const [mode, confidence, reason, ranked] = ask("rank");
    let explanations;
    const explain = () => (explanations ??= ask("explain"));
    const hits = ranked.map((row, i) => {
      const [card, , , , passage] = row;
      const snippet = () => this[session].ask("snippet", card, passage ?? undefined, query, asked.syntax === true);
      return hit(this.#summary(card), row, () => explain()[i], snippet);
    });
    return { query, mode, confidence, reason, hits };
  }

  /** A context block for `provider` with the best cards for a query, and with documents for them where `docs` are given. */
  async emit(provider, query, options = {}) {
    const { docs, docsOptions } = options ?? {};
    const [asked, beside] = [asOf(options, false), docs?.[session]];
    if (!(beside instanceof Session) && (docs ?? docsOptions)) throw new SkillMeshError("invalid-argument", "docs: expected a DocSearch");
    const askedDocs = { ...beside?.asker, ...kept(docsOptions) };
    const vector = await this[session].vector(query, options ?? {});
    if (!beside) return this[session].tell("emit", provider, query, asked, vector);
    const docsVector = await beside.vector(query, { mode: asked.mode, syntax: asked.syntax, signal: options.signal });
    return this[session].tell("emitWithDocuments", provider, query, asked, vector, beside.core(), askedDocs, docsVector);
  }

  /** The skills for a query, each with how well it fits. */
  async discover(query, options) {
    return search(this[session], "discover", query, options);
  }

  /** The skill that should do a task, and what else might; none where nothing is sure enough. */
  async suggest(task, options) {
    return search(this[session], "suggest", task, options);
  }

  /** All skills that a task needs, by their state; `load` gets the id of each that should be loaded now. */
  async autoRoute(task, options) {
    return autoRoute(this[session], task, options);
  }

  /** The skills for a task: found before, else chosen by the function `llm`, else by retrieval. */
  async route(task, options) {
    return route(this[session], task, options);
  }

  /** Remembers how a skill did for a query, so that it stands higher or lower for others like it. */
  async recordOutcome(outcome) {
    return recordOutcome(this[session], outcome);
  }

  /** What was learnt from outcomes, as bytes. */
  exportState() {
    return this[session].tell("exportState");
  }

  /** Adds what was learnt elsewhere; what is known already does not count twice. */
  importState(bytes) {
    this[session].tell("importState", bytes);
  }

  /** Hits and misses of the routes' cache. */
  cacheStats() {
    return this[session].ask("cacheStats");
  }

  /** Forgets every route; what was learnt stays. */
  clearCache() {
    this[session].tell("clearCache");
  }

  /** The texts whose vectors, one after the other, make the option `vector`: the query, then its sentences. */
  queryParts(query, options) {
    return queryParts(query, options);
  }

  /** All cards in order of id, without their instructions. */
  cards() {
    return this[session].ask("cards");
  }

  /** Counts, sizes, model and ranking settings. */
  stats() {
    return this[session].ask("stats");
  }

  /** Gives the memory back; the instance can't be used afterwards. */
  free() {
    this[session].free();
  }

  /** What a hit shows of a card: most cards are found again, so each crosses from wasm only once. */
  #summary(card) {
    return (this.#summaries[card] ??= this[session].ask("summary", card));
  }
}

SkillMesh.prototype[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = SkillMesh.prototype.free;
