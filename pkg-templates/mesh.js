// Which cards answer a query? Everything here is the same in every environment.

import { Core } from "./wasm/skillmesh.js";
import { built } from "./build.js";
import { Changes, asJson } from "./changes.js";
import { DOWNLOADING } from "./download.js";
import { heeded, refused } from "./error.js";
import { ANY, CALLABLE, OPTIONS, STORE, TEXT, checking } from "./expected.js";
import { SkillMetrics } from "./metrics.js";
import { checkKnown, kept } from "./options.js";
import { asOf, autoRoute, recordOutcome, route, search } from "./route.js";
import { beside, remote } from "./remote.js";
import { exchanged } from "./store.js";
import { Session, ask, queryParts, questions, session, tell } from "./session.js";
import { toBytes } from "./source.js";
import { environment } from "./environment.js";
import { written } from "./writers.js";

/** Most explanations and snippets are never read, so they are made when they are. */
function hit({ id, title, domain, description }, [, score, sparse_score, dense_score], explainer, snipper) {
  let snippet;
  return {
    id, title, domain, description, score, sparse_score, dense_score,
    get explain() { return explainer(); },
    get snippet() { return (snippet ??= snipper()); },
  };
}

/** What asks a mesh in a worker otherwise than by its methods there. */
const special = {
  async emit({ home, asked }, provider, query, options) {
    return asked("emit", provider, query, options && { ...options, docs: beside(home, options.docs) });
  },
  syncState: ({ self }, store, options) => exchanged(self, store, options),
  upsert: async ({ asked }, cards) => asked("upsert", JSON.parse(asJson(cards))), // dates and maps become there what they do here
};

/** Uses are gathered where they are told of, not in the worker. */
function gathering(face) {
  const metrics = new SkillMetrics();
  return Object.assign(face, { metrics, exportSkillMetrics: () => metrics.export() });
}

export class SkillMesh {
  /** Gathers uses of skills. */
  metrics = new SkillMetrics();
  /** What hits show of cards, by core and number: most cards are found again, so each crosses from wasm only once. */
  #summaries = new WeakMap();
  #changes;

  constructor(opened) {
    if (!(opened instanceof Session)) throw refused("use SkillMesh.load(snapshot) instead of new");
    this[session] = opened;
    this.#changes = new Changes(opened);
  }

  /** Opens a snapshot. Keyword search is ready when this resolves, semantic search when `semanticReady` does. */
  static async load(snapshot, given) {
    const options = given ?? {};
    heeded(snapshot, options.model);
    if (options.worker) return gathering(await remote("SkillMesh", SkillMesh, special, snapshot, options));
    checkKnown(options, ["model", "verify", "routing", "worker", "onError", "shards", ...DOWNLOADING]);
    const routing = options.routing ?? undefined;
    const opened = await Session.open(Core, snapshot, options);
    try {
      if (routing !== undefined) opened.tell("configure", kept(routing));
    } catch (error) {
      opened.free();
      throw error;
    }
    return new SkillMesh(opened);
  }

  /** Reads registries and skills from files in memory: `mesh`, `findings`, and `embedded`, which resolves when meaning counts for all. */
  static async build(files, options) {
    checkKnown(options, ["model", "routing", "onError", ...DOWNLOADING]);
    return built(files, options ?? {}, SkillMesh.load);
  }

  /** Resolves to whether semantic search is there; rejects when the model can't be used. */
  get semanticReady() {
    return this[session].semanticReady;
  }

  /** The best cards for a query; the answer's `mode` says which legs answered. */
  async retrieve(query, options) {
    const asked = asOf(options, false); // the same query gives the same hits, unless feedback is asked for
    const [{ core, vector }] = await questions([this[session], query, options]);
    const [mode, confidence, reason, ranked, earned] = ask(core, "rank", query, asked, vector);
    // What was learnt may change before somebody reads an explanation, so it is told again what counted.
    const { now, ...same } = asked;
    let explanations;
    const explain = () => (explanations ??= ask(core, "explain", query, same, vector, earned.flat()));
    const hits = ranked.map((row, i) => {
      const [card, , , , passage] = row;
      const snippet = () => ask(core, "snippet", card, passage ?? undefined, query, asked.syntax === true);
      return hit(this.#summary(core, card), row, () => explain()[i], snippet);
    });
    return { query, mode, confidence, reason, hits };
  }

  /** A context block for `provider` with the best cards for a query, and with documents for them where `docs` are given. */
  async emit(provider, query, options) {
    const { docs, docsOptions, signal } = options ?? {};
    const [asked, other] = [asOf(options, false), docs?.[session]];
    if (docs?.worker) throw refused("docs: this DocSearch lives in a worker, and the mesh does not; load both with the same `worker`");
    if (!(other instanceof Session) && (docs ?? docsOptions)) throw refused("docs: expected a DocSearch");
    const askedDocs = { ...other?.asker, ...kept(docsOptions) };
    if (!other) {
      const [{ core, vector }] = await questions([this[session], query, options]);
      return written(core, provider, tell(core, "emit", provider, query, asked, vector), asked);
    }
    // Where nobody asks by name, each card does: any document may be meant.
    const same = { ...(askedDocs.skills ? {} : { access: "all" }), ...askedDocs, mode: asked.mode, syntax: asked.syntax, signal };
    const [{ core, vector }, found] = await questions([this[session], query, options], [other, query, same]);
    return written(core, provider, tell(core, "emitWithDocuments", provider, query, asked, vector, found.core, askedDocs, found.vector), asked);
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

  /** The uses that `metrics.record` was told of, in the form that `skillmesh metrics collect` reads. */
  exportSkillMetrics() {
    return this.metrics.export();
  }

  /** What was learnt from outcomes, as bytes. */
  exportState() {
    return this[session].tell("exportState");
  }

  /** Adds what was learnt elsewhere by `now`; what is known already does not count twice. */
  async importState(bytes, { now = Date.now() } = {}) {
    this[session].tell("importState", await toBytes(bytes, "state", environment().read), now);
  }

  /** Merges what was learnt with what `store` keeps, both ways. */
  async syncState(store, { now = Date.now() } = {}) {
    await store.update((learnt) => {
      if (learnt) this[session].tell("importState", learnt, now);
      return this.exportState();
    });
  }

  /** Hits and misses of the routes' cache. */
  cacheStats() {
    return this[session].ask("cacheStats");
  }

  /** Forgets every route; what was learnt stays. */
  clearCache() {
    this[session].tell("clearCache");
  }

  /**
   * Puts cards in, in place of those with the same ids; all of them or none. The next query finds them by their words, and by meaning once
   * this resolves.
   */
  async upsert(cards) {
    return this.#changes.upsert(cards);
  }

  /** Takes cards out; resolves to the ids of those that were there. */
  async remove(ids) {
    return this.#changes.remove(ids);
  }

  /** Follows a delta, which `skillmesh diff` made from this very snapshot. */
  async applyDelta(delta) {
    return this.#changes.applyDelta(delta);
  }

  /** Lets another snapshot answer from now on; with a `model` for it, where it is another one. */
  async reload(snapshot, options) {
    return this.#changes.reload(snapshot, options);
  }

  /** Calls `listener` with the ids of cards that came, changed and went, 200 ms after the first. Gives a function that ends it. */
  onChange(listener) {
    return this.#changes.onChange(listener);
  }

  /** The snapshot as it is now, as bytes. */
  snapshot() {
    return this[session].tell("snapshot");
  }

  /** The texts whose vectors, one after the other, make the option `vector`: the query, then its sentences. */
  queryParts(query, options) {
    return queryParts(query, options);
  }

  /** All cards in order of id, without their instructions. */
  cards() {
    return this[session].ask("cards");
  }

  /** One card with its instructions; `null` where there is none. */
  card(id) {
    return this[session].ask("card", id);
  }

  /** Counts, sizes, model and ranking settings. */
  stats() {
    return this[session].ask("stats");
  }

  /** Gives the memory back; the instance can't be used afterwards. */
  free() {
    this.#changes.free();
    this[session].free();
  }

  #summary(core, card) {
    const known = this.#summaries.get(core) ?? [];
    this.#summaries.set(core, known);
    return (known[card] ??= ask(core, "summary", card));
  }
}

const asking = { query: TEXT, options: OPTIONS, promises: true };
const doing = { task: TEXT, options: OPTIONS, promises: true };
checking(
  SkillMesh,
  {
    retrieve: asking, discover: asking, suggest: doing, autoRoute: doing, route: doing,
    emit: { provider: TEXT, ...asking },
    recordOutcome: { outcome: OPTIONS, promises: true },
    importState: { state: ANY, options: OPTIONS, promises: true },
    syncState: { store: STORE, options: OPTIONS, promises: true },
    reload: { snapshot: ANY, options: OPTIONS, promises: true },
    onChange: { listener: CALLABLE },
    queryParts: { query: TEXT, options: OPTIONS },
    card: { id: TEXT },
  },
  { load: { snapshot: ANY, options: OPTIONS, promises: true }, build: { files: ANY, options: OPTIONS, promises: true } },
);
SkillMesh.prototype[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = SkillMesh.prototype.free;
