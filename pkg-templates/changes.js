// How does what is searched change while it is searched, and who hears of it?

import { environment } from "./environment.js";
import { guarded, refused, told } from "./error.js";
import { expected } from "./expected.js";
import { Indexer, applyDelta, indexing } from "./indexer.js";
import { ask } from "./session.js";
import { toBytes } from "./source.js";

/** Milliseconds in which changes gather: listeners hear of all of them at once. */
const WINDOW = 200;

export class Changes {
  #session;
  /** Changes that no query has met yet. */
  #indexer = null;
  /** Passages are embedded one after the other, whoever brought them. */
  #embedding = Promise.resolve();
  #listeners = new Set();
  /** What answered before the changes that listeners have yet to hear of. */
  #before = null;

  constructor(session) {
    this.#session = session;
  }

  /** Puts cards in; all of them or none. Resolves when they have their vectors, if there is a model. */
  async upsert(cards) {
    const text = asJson(cards);
    await this.#change((indexer) => indexer.upsert(text));
    await this.#session.semanticReady.catch(() => false);
    await this.#embed();
    this.#session.checkOpen(); // whoever freed the mesh meanwhile gave up what was to be found
  }

  /** Takes cards out; resolves to the ids of those that were there. */
  async remove(ids) {
    const texts = Array.isArray(ids) ? [...ids] : [ids];
    if (!texts.every((id) => typeof id === "string")) throw refused("ids: expected ids of cards");
    return this.#change((indexer) => indexer.remove(texts));
  }

  /** Follows a delta from this very snapshot. */
  async applyDelta(delta) {
    const [bytes] = await Promise.all([toBytes(delta, "delta", environment().read), indexing()]);
    const old = this.#session.tell("snapshot");
    const next = guarded(() => this.#session.core().replaced(applyDelta(old, bytes)));
    this.#session.fit(next);
    this.#replace(next);
    this.#session.follow();
  }

  /** Lets another snapshot answer. */
  async reload(snapshot, options) {
    await this.#session.reload(snapshot, options, () => {
      this.#note();
      this.#forget();
    });
  }

  /** Calls `listener` with the ids of cards that came, changed and went. Gives a function that ends it. */
  onChange(listener) {
    const own = (changes) => listener(changes);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Gives up what nobody has asked about. */
  free() {
    this.#forget();
    this.#listeners.clear();
    this.#before?.free();
    this.#before = null;
  }

  async #change(step) {
    await indexing();
    this.#note();
    try {
      return guarded(() => step(this.#opened()));
    } finally {
      this.#settleLater();
    }
  }

  /** Embeds what has no vector yet, where there is a model. */
  #embed() {
    const done = this.#embedding.then(() => this.#fill());
    this.#embedding = done.catch(() => {});
    return done;
  }

  async #fill() {
    const known = new WeakMap(); // a query may take the indexer before all are there: the next one learns them again
    for (let model; (model = this.#session.model); ) {
      const indexer = this.#opened();
      const vectors = known.get(model) ?? new Map();
      known.set(model, vectors);
      const isCurrent = () => indexer === this.#indexer && model === this.#session.model;
      const texts = guarded(() => indexer.unembedded());
      for (let i = 0; i < texts.length && isCurrent(); i++) await this.#learn(texts[i], model, vectors);
      if (isCurrent()) return this.#settleLater();
    }
  }

  async #learn(text, model, vectors) {
    if (!vectors.has(text)) {
      vectors.set(text, await this.#session.embed(text));
      await new Promise((others) => setTimeout(others)); // a vector takes long: whoever waits comes first
    }
    if (model === this.#session.model) guarded(() => this.#indexer?.learn(text, vectors.get(text)));
  }

  /** The indexer of what is there now. */
  #opened() {
    return (this.#indexer ??= guarded(() => new Indexer(this.#session.tell("snapshot"))));
  }

  /** A thousand changes are compiled once: when somebody asks. */
  #settleLater() {
    const indexer = this.#indexer;
    if (!indexer || indexer.isEmpty) return this.#forget();
    this.#session.settleBy(() => {
      this.#indexer = null;
      try {
        this.#session.replace(guarded(() => this.#session.core().replaced(indexer.compile())));
      } finally {
        indexer.free();
      }
    });
  }

  #replace(core) {
    this.#note();
    this.#session.replace(core);
    this.#forget();
  }

  /** Changes to what is no longer there count for nothing. */
  #forget() {
    this.#indexer?.free();
    this.#indexer = null;
  }

  /** Keeps what is there, so that listeners can be told what became of it. */
  #note() {
    if (this.#listeners.size === 0 || this.#before || !this.#session.isWhole) return;
    this.#before = this.#session.tell("share");
    setTimeout(() => this.#notify(), WINDOW);
  }

  #notify() {
    const before = this.#before;
    this.#before = null;
    if (!before) return;
    try {
      const changes = ask(this.#session.core(), "changesSince", before);
      if (Object.values(changes).some((ids) => ids.length > 0)) this.#listeners.forEach((listener) => told(listener, structuredClone(changes)));
    } catch (error) {
      console.error(error); // nobody awaits this
    } finally {
      before.free();
    }
  }
}

/** Cards as they cross to wasm. */
export function asJson(cards) {
  expected("cards", "a list", cards, Array.isArray(cards));
  try {
    return JSON.stringify(cards);
  } catch (error) {
    throw refused(`cards: ${error.message}`);
  }
}
