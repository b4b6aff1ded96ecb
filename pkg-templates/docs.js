// Which pages answer a query, and what may the asker see? The same in every environment.

import { DocumentCore } from "./wasm/skillmesh.js";
import { SkillMeshError } from "./error.js";
import { Session, checkKnown, checkSignal, kept, queryParts, session, tell } from "./session.js";

/** Milliseconds without a further key before somebody who types is answered. */
const DELAY = 120;

export class DocSearch {
  constructor(opened, asker) {
    if (!(opened instanceof Session)) throw new SkillMeshError("invalid-argument", "use DocSearch.load(snapshot) instead of new");
    this[session] = Object.assign(opened, { asker });
  }

  /** Opens a snapshot of documents. `skills` says who asks, where a search does not say it itself. */
  static async load(snapshot, options = {}) {
    checkKnown(options, ["model", "verify", "skills"]);
    const asker = kept({ skills: options.skills });
    return new DocSearch(await Session.open(DocumentCore, snapshot, options), asker);
  }

  /** Resolves to whether semantic search is there; rejects when the model can't be used. */
  get semanticReady() {
    return this[session].semanticReady;
  }

  /** The best pages for a query, each with its best sections. */
  async search(query, options = {}) {
    return JSON.parse(await this.#ask("search", [query], options));
  }

  /** A context block for `provider` with the best chunks for a query and where they are from. */
  async emit(provider, query, options = {}) {
    return this.#ask("emit", [provider, query], options);
  }

  /**
   * Answers somebody who types: `onAnswer` gets pages by keywords as soon as typing pauses, and once more when meaning has
   * joined, should the model arrive that late, or after `meaningDelay` more. Answers to what was typed before are dropped.
   */
  live(onAnswer, { delay = DELAY, meaningDelay = 0, onError = console.error, ...options } = {}) {
    let typed = new AbortController();
    const cancel = () => typed.abort();
    const search = (query) => {
      cancel();
      const { signal } = (typed = new AbortController());
      const answer = () => this.#answer(query, { ...options, signal }, onAnswer, meaningDelay);
      const told = (error) => signal.aborted || onError(error);
      const timer = setTimeout(() => answer().catch(told), delay);
      signal.addEventListener("abort", () => clearTimeout(timer));
    };
    return { search, cancel };
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
    const { core, vector } = await this[session].question(args.at(-1), options);
    checkSignal(options?.signal);
    return tell(core, method, ...args, asked, vector);
  }

  async #answer(query, options, onAnswer, meaningDelay) {
    const answer = async (more) => {
      const found = await this.search(query, { ...options, ...more });
      if (!options.signal.aborted) onAnswer(found);
    };
    if (options.mode !== "dense") await answer({ mode: "sparse" });
    if (options.mode === "sparse" || !(await this.semanticReady.catch(() => false))) return;
    await new Promise((rested) => setTimeout(rested, meaningDelay)); // embedding takes a moment: let the first answer be seen
    if (!options.signal.aborted) await answer();
  }
}

DocSearch.prototype[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = DocSearch.prototype.free;
