// How does a query become a vector? By the same model pack that the builder used.

import init, { Embedder as Pack, initSync } from "./wasm/skillmesh_embed.js";
import { DOWNLOADING, downloading } from "./download.js";
import { environment } from "./environment.js";
import { SkillMeshError, guarded } from "./error.js";
import { ANY, OPTIONS, TEXT, checking } from "./expected.js";
import { checkKnown, unlessAborted } from "./options.js";
import { FINGERPRINT, PACKAGED } from "./packaged.js";
import { noPage, toBytes } from "./source.js";
import { wasmModule } from "./wasm.js";

/** `initEmbedSync` uses an already compiled `skillmesh_embed_bg.wasm`. */
const wasm = wasmModule(init, initSync, "embed");
export const initEmbedSync = wasm.use;

/** Whether vectors are from the model that comes with the package, and that can be had here. */
export function hasPackaged(vectors) {
  return vectors?.fingerprint === FINGERPRINT && environment().model !== undefined;
}

/** Where a model is that may be named. */
async function located(model) {
  const given = await model;
  return given === PACKAGED ? packaged() : given;
}

/** Where the package's model is: bundles in CommonJS do not know where they lie, and other entries not what lies beside them. */
function packaged() {
  try {
    return environment().model();
  } catch (error) {
    const message = `model: it is not known here where ${PACKAGED} is; call init({ model }), or pass the address or bytes of skillmesh/models/${PACKAGED}.msgpack`;
    throw new SkillMeshError("invalid-argument", message, error);
  }
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
    const place = located(model);
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
