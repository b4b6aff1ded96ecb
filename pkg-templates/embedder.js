// How does a query become a vector? By the same model pack that the builder used.

import initEmbed, { Embedder as Pack, initSync } from "./wasm/skillmesh_embed.js";
import { environment } from "./environment.js";
import { SkillMeshError, guarded } from "./error.js";
import { toBytes } from "./source.js";

let embedReady;

/** Uses an already compiled module of `skillmesh_embed_bg.wasm`. */
export function initEmbedSync({ module }) {
  guarded(() => initSync({ module }));
  embedReady = Promise.resolve();
}

function readyEmbed() {
  embedReady ??= Promise.resolve(environment().embed()).then((module_or_path) => initEmbed({ module_or_path }));
  embedReady.catch(() => (embedReady = undefined)); // a network that failed once may do better
  return embedReady;
}

export class Embedder {
  #pack;

  constructor(pack) {
    this.#pack = pack;
  }

  /** Opens a model pack. */
  static async load(model) {
    const [bytes] = await Promise.all([toBytes(model, "model", environment().read), readyEmbed()]);
    return new Embedder(guarded(() => new Pack(bytes)));
  }

  /** The unit vector of a text. */
  embed(text) {
    return guarded(() => this.#open().embed(text));
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
