// How does a query become a vector? By the same model pack that the builder used.

import init, { Embedder as Pack, initSync } from "./wasm/skillmesh_embed.js";
import { DOWNLOADING, downloading } from "./download.js";
import { environment } from "./environment.js";
import { SkillMeshError, guarded, refused } from "./error.js";
import { ANY, OPTIONS, TEXT, checking } from "./expected.js";
import { checkKnown, unlessAborted } from "./options.js";
import { noPage, toBytes } from "./source.js";
import { wasmModule } from "./wasm.js";

/** `initEmbedSync` uses an already compiled `skillmesh_embed_bg.wasm`. */
const wasm = wasmModule(init, initSync, "embed");
export const initEmbedSync = wasm.use;

/** The model that comes with the package: what it is called, and what tells its vectors from others. */
export const OWN = "skillmesh-mini";
const FINGERPRINT = "";

/** Whether vectors are from the model that comes with the package, and that can be had here. */
export function hasOwnModel(vectors) {
  return vectors?.fingerprint === FINGERPRINT && environment().model !== undefined;
}

/** Where a model is that may be named. */
function placeOf(model) {
  const { model: own } = environment();
  if (model !== OWN) return model;
  if (own) return own();
  throw refused(`model: this entry of the package does not know where ${OWN} is; pass the address or bytes of skillmesh/models/${OWN}.msgpack`);
}

export class Embedder {
  #pack;

  constructor(pack) {
    this.#pack = pack;
  }

  /** Opens a model pack, or the package's own by its name. */
  static async load(model, options) {
    checkKnown(options, DOWNLOADING);
    const downloads = downloading(options ?? {});
    const place = placeOf(await model);
    const found = Promise.all([toBytes(place, "model", environment().read, downloads), place, wasm.ready()]);
    const [bytes, source] = await unlessAborted(found, downloads.signal);
    return new Embedder(guarded(() => new Pack(noPage(bytes, "model", source))));
  }

  /** The unit vector of a text. */
  embed(text) {
    return guarded(() => this.#open().embed(text));
  }

  get name() {
    return this.#open().name;
  }

  get fingerprint() {
    return this.#open().fingerprint;
  }

  get dimensions() {
    return this.#open().dimensions;
  }

  /** Gives the memory back. */
  free() {
    this.#pack?.free();
    this.#pack = null;
  }

  #open() {
    if (this.#pack) return this.#pack;
    throw new SkillMeshError("freed", "this Embedder was freed; load it again");
  }
}

checking(Embedder, { embed: { text: TEXT } }, { load: { model: ANY, options: OPTIONS, promises: true } });
