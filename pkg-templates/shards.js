// Which shards of a corpus does a query need, and how are they read? Those that were read stay, as far as there is room.

import { Core, Corpus, DocumentCore } from "./wasm/skillmesh.js";
import { environment } from "./environment.js";
import { freed, guarded, heeded, refused } from "./error.js";
import { expected, isObject } from "./expected.js";
import { integrityOfHex } from "./integrity.js";
import { checkKnown, unlessAborted } from "./options.js";
import { toBytes } from "./source.js";

/** How many shards a query reads at most. */
const MOST = 8;
/** Bytes of shards that stay. */
const ROOM = 128 * 2 ** 20;
/** What answers from the same shards is made once. */
const VIEWS = 8;

/** How shards are read: where they are, and how many for a query. */
export function sharding(given) {
  expected("shards", "an object such as { atMost: 8 }", given, given === undefined || isObject(given));
  checkKnown(given, ["from", "atMost"]);
  const { from, atMost = MOST } = given ?? {};
  expected("shards.atMost", "a whole number from 1 on", atMost, Number.isInteger(atMost) && atMost > 0);
  expected("shards.from", "an address, or a function of a shard's file", from, ["undefined", "string", "function"].includes(typeof from) || from instanceof URL);
  return { from, atMost };
}

/** The place of what a caller passed as a snapshot, where it has one. */
export function placeOf(source) {
  const place = source?.url?.url ?? source?.url ?? source;
  return (typeof place === "string" && place !== "") || place instanceof URL ? place : undefined;
}

/** Where a file is that lies beside another. */
function beside(place, file) {
  try {
    return environment().beside(place, file);
  } catch (error) {
    throw refused(`shards: \`${file}\` has no address beside ${place}: ${error.message}; pass \`shards: { from }\``);
  }
}

/** Stands where a core does, and makes the core that answers a query. */
export class Shards {
  #root;
  #files;
  #from;
  #most;
  #downloads;
  /** By number: a promise of a shard that is open, the one that was asked for last at the end. */
  #open = new Map();
  /** How many queries have shards on their way: none of these may go meanwhile. */
  #waiting = 0;
  /** By the numbers of its shards: what answers from them. */
  #views = new Map();

  /** Opens a root for cards or documents, as `Opened` says. */
  constructor(bytes, Opened, { from, atMost }, downloads) {
    this.#root = guarded(() => new Corpus(bytes));
    this.#files = JSON.parse(this.#root.files());
    this.#from = from;
    this.#most = Math.min(atMost, this.#files.length);
    this.#downloads = downloads;
    if (this.#root.ofDocuments !== (Opened === DocumentCore)) this.#misplaced();
  }

  /** What answers a query: the shards that it needs, and they alone. */
  async answering(query, options, vector, signal) {
    const numbers = [...guarded(() => this.#root.choose(query, options, vector, this.#most))];
    this.#waiting++;
    const reading = Promise.all(numbers.map((number) => this.#opened(number))).finally(() => this.#waiting--);
    heeded(reading); // who called off waits no longer, but the shards still come
    await unlessAborted(reading, signal);
    if (!this.#root) throw freed();
    return this.#view(numbers);
  }

  stats() {
    return this.#root.stats();
  }

  checkModel(fingerprint) {
    this.#root.checkModel(fingerprint);
  }

  verify() {
    this.#root.verify();
  }

  /** What answers after another snapshot took this one's place. */
  replaced(snapshot) {
    return this.#root.ofDocuments ? new DocumentCore(snapshot) : new Core(snapshot);
  }

  /** Frees the root, and by `release` whatever answers. */
  free(release = (view) => view.free()) {
    this.#views.forEach(release);
    this.#views.clear();
    this.#root.free();
    this.#root = null;
  }

  #opened(number) {
    const known = this.#open.get(number) ?? this.#read(number);
    this.#open.delete(number);
    this.#open.set(number, known);
    known.catch(() => this.#open.get(number) === known && this.#open.delete(number)); // the next query tries again
    return known;
  }

  async #read(number) {
    const { file, sha256 } = this.#files[number];
    const source = await this.#source(file, sha256);
    const bytes = await toBytes(source, "shard", environment().read, this.#downloads);
    if (!this.#root) throw freed();
    guarded(() => this.#root.add(number, bytes));
  }

  /** Where a shard is, with the hash that it must have. */
  async #source(file, sha256) {
    if (this.#from === undefined) throw refused(`shards: say where \`${file}\` is: load the root by its address, or pass \`shards: { from }\``);
    const place = typeof this.#from === "function" ? await this.#from(file) : beside(this.#from, file);
    const integrity = globalThis.crypto?.subtle && integrityOfHex(sha256);
    if (place instanceof Uint8Array || place instanceof ArrayBuffer) return { bytes: place, integrity };
    return { url: place, integrity };
  }

  #view(numbers) {
    const key = numbers.join();
    const known = this.#views.get(key) ?? guarded(() => (this.#root.ofDocuments ? this.#root.documents(numbers) : this.#root.skills(numbers)));
    this.#views.delete(key);
    this.#views.set(key, known);
    this.#makeRoom(numbers);
    return known;
  }

  /** Lets go what was asked for the longest ago, once no query waits. What an answer still holds stays until that is gone. */
  #makeRoom(needed) {
    if (this.#waiting > 0) return;
    const size = (numbers) => numbers.reduce((bytes, number) => bytes + this.#files[number].bytes, 0);
    for (const number of [...this.#open.keys()].filter((number) => !needed.includes(number))) {
      if (size([...this.#open.keys()]) <= ROOM) break;
      this.#open.delete(number);
      this.#root.drop(number);
      [...this.#views.keys()].filter((key) => key.split(",").includes(String(number))).forEach((key) => this.#views.delete(key));
    }
    [...this.#views.keys()].slice(0, -VIEWS).forEach((key) => this.#views.delete(key));
  }

  #misplaced() {
    const [what, Class] = this.#root.ofDocuments ? ["documents", "DocSearch"] : ["cards", "SkillMesh"];
    this.#root.free();
    throw refused(`snapshot: these are shards of ${what}; open them as a ${Class}`);
  }
}
