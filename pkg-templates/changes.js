// How does what is searched change while it is searched, and who hears of it?

import { environment } from "./environment.js";
import { guarded } from "./error.js";
import { Indexer, applyDelta, indexing } from "./indexer.js";
import { ask, refused } from "./session.js";
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

  /** Puts cards in; all of them or none. */
  async upsert(cards) {
    const text = asJson(cards);
    await indexing();
    this.#note();
    guarded(() => this.#opened().upsert(text));
    this.#settleLater();
    await this.#embed();
  }

  /** Takes cards out; resolves to the ids of those that were there. */
  async remove(ids) {
    const texts = Array.isArray(ids) ? [...ids] : [ids];
    if (!texts.every((id) => typeof id === "string")) throw refused("ids: expected ids of cards");
    await indexing();
    this.#note();
    const gone = guarded(() => this.#opened().remove(texts));
    if (gone.length > 0) this.#settleLater();
    return gone;
  }

  /** Follows a delta from this very snapshot. */
  async applyDelta(delta) {
    const [bytes] = await Promise.all([toBytes(delta, "delta", environment().read), indexing()]);
    const core = this.#session.core();
    const next = guarded(() => core.replaced(applyDelta(core.snapshot(), bytes)));
    this.#session.fit(next);
    this.#replace(next);
  }

  /** Lets another snapshot answer. */
  async reload(snapshot, options) {
    await this.#session.reload(snapshot, options, () => this.#note());
    this.#forget();
  }

  /** Calls `listener` with the ids of cards that came, changed and went. Gives a function that ends it. */
  onChange(listener) {
    if (typeof listener !== "function") throw refused(`listener: expected a function, got ${typeof listener}`);
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

  /** Embeds what has no vector yet, where there is a model. */
  #embed() {
    const done = this.#embedding.then(() => this.#fill());
    this.#embedding = done.catch(() => {});
    return done;
  }

  async #fill() {
    await this.#session.semanticReady.catch(() => false);
    await indexing();
    while (this.#session.isSemantic) {
      const indexer = this.#opened();
      const texts = guarded(() => indexer.unembedded());
      if (texts.length === 0) return;
      // Whoever asks meanwhile takes the indexer with what it has learnt; the rest goes to the next.
      for (let i = 0; i < texts.length && indexer === this.#indexer; i++) {
        const vector = this.#session.embed(texts[i]);
        guarded(() => indexer.learn(texts[i], vector));
        await new Promise((others) => setTimeout(others)); // a vector takes long: whoever waits comes first
      }
      if (indexer === this.#indexer) this.#settleLater();
    }
  }

  /** The indexer of what is there now. */
  #opened() {
    return (this.#indexer ??= new Indexer(this.#session.tell("snapshot")));
  }

  /** A thousand changes are compiled once: when somebody asks. */
  #settleLater() {
    this.#session.settleBy(() => {
      const indexer = this.#indexer;
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
    if (this.#listeners.size === 0 || this.#before) return;
    this.#before = this.#session.tell("share");
    setTimeout(() => this.#notify(), WINDOW);
  }

  #notify() {
    const before = this.#before;
    this.#before = null;
    if (!before) return;
    const changes = ask(this.#session.core(), "changesSince", before);
    before.free();
    if (Object.values(changes).every((ids) => ids.length === 0)) return;
    this.#listeners.forEach((listener) => told(listener, changes));
  }
}

/** One listener's mistake keeps nothing from the others. */
function told(listener, changes) {
  try {
    listener(changes);
  } catch (error) {
    console.error(error);
  }
}

function asJson(cards) {
  if (!Array.isArray(cards)) throw refused(`cards: expected a list, got ${cards === null ? "null" : typeof cards}`);
  try {
    return JSON.stringify(cards);
  } catch (error) {
    throw refused(`cards: ${error.message}`);
  }
}
