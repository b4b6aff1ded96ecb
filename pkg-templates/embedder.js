// How does a query become a vector? By the same model pack that the builder used.

import init, { Embedder as Pack, initSync } from "./wasm/skillmesh_embed.js";
import { DOWNLOADING, downloading } from "./download.js";
import { environment } from "./environment.js";
import { SkillMeshError, guarded } from "./error.js";
import { ANY, OPTIONS, TEXT, checking } from "./expected.js";
import { checkKnown, unlessAborted } from "./options.js";
import { noPage, toBytes } from "./source.js";
import { wasmModule } from "./wasm.js";

/** `initEmbedSync` uses an already compiled `skillmesh_embed_bg.wasm`. */
const wasm = wasmModule(init, initSync, "embed");
export const initEmbedSync = wasm.use;

export class Embedder {
  #pack;

  constructor(pack) {
    this.#pack = pack;
  }

  /** Opens a model pack. */
  static async load(model, options) {
    checkKnown(options, DOWNLOADING);
    const downloads = downloading(options ?? {});
    const found = Promise.all([toBytes(model, "model", environment().read, downloads), model, wasm.ready()]);
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
