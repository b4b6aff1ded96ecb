// Which pages answer a query, and what may the asker see? The same in every environment.

import { DocumentCore } from "./wasm/skillmesh.js";
import { DOWNLOADING } from "./download.js";
import { heeded, refused } from "./error.js";
import { ANY, CALLABLE, OPTIONS, TEXT, checking } from "./expected.js";
import { live } from "./live.js";
import { checkKnown, checkSignal, kept } from "./options.js";
import { remote } from "./remote.js";
import { Session, queryParts, questions, session, tell } from "./session.js";
import { written } from "./writers.js";

/** What asks a search in a worker otherwise than by its methods there. */
const special = {
  live: ({ self }, onAnswer, options) => live(self, onAnswer, options),
};

export class DocSearch {
  constructor(opened, asker) {
    if (!(opened instanceof Session)) throw refused("use DocSearch.load(snapshot) instead of new");
    this[session] = Object.assign(opened, { asker });
  }

  /** Opens a snapshot of documents. `skills` says who asks, where a search does not say it itself. */
  static async load(snapshot, given) {
    const options = given ?? {};
    heeded(snapshot, options.model);
    if (options.worker) return remote("DocSearch", DocSearch, special, snapshot, options);
    checkKnown(options, ["model", "verify", "skills", "worker", "onError", "shards", ...DOWNLOADING]);
    const asker = kept({ skills: options.skills });
    return new DocSearch(await Session.open(DocumentCore, snapshot, options), asker);
  }

  /** Resolves to whether semantic search is there; rejects when the model can't be used. */
  get semanticReady() {
    return this[session].semanticReady;
  }

  /** The best pages for a query, each with its best sections. */
  async search(query, options = {}) {
    return JSON.parse((await this.#ask("search", [query], options)).answer);
  }

  /** A context block for `provider` with the best chunks for a query and where they are from. */
  async emit(provider, query, options = {}) {
    const { core, answer, asked } = await this.#ask("emit", [provider, query], options);
    return written(core, provider, answer, asked);
  }

  /**
   * Answers somebody who types: `onAnswer` gets pages by keywords as soon as typing pauses, and once more when meaning has
   * joined, should the model arrive that late, or after `meaningDelay` more. Answers to what was typed before are dropped.
   */
  live(onAnswer, options) {
    return live(this, onAnswer, options);
  }

  /** The texts whose vectors, one after the other, make the option `vector`: the query, then its sentences. */
  queryParts(query, options) {
    return queryParts(query, options);
  }

  /** Lets another snapshot answer from now on; with a `model` for it, where it is another one. */
  async reload(snapshot, options) {
    return this[session].reload(snapshot, options);
  }

  /** Counts, sizes, model and ranking settings. */
  stats() {
    return this[session].ask("stats");
  }

  /** Gives the memory back; the instance can't be used afterwards. */
  free() {
    this[session].free();
  }

  async #ask(method, args, options) {
    const asked = { ...this[session].asker, ...kept(options) };
    const [{ core, vector }] = await questions([this[session], args.at(-1), options]);
    checkSignal(options?.signal);
    return { core, asked, answer: tell(core, method, ...args, asked, vector) };
  }
}

const asking = { query: TEXT, options: OPTIONS, promises: true };
const loading = { snapshot: ANY, options: OPTIONS, promises: true };
checking(
  DocSearch,
  {
    search: asking, emit: { provider: TEXT, ...asking }, reload: loading,
    live: { onAnswer: CALLABLE, options: OPTIONS },
    queryParts: { query: TEXT, options: OPTIONS },
  },
  { load: loading },
);
DocSearch.prototype[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = DocSearch.prototype.free;
