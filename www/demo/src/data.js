// Where are the model and the snapshots, and can a browser keep them?

import docsWords from "../.stage/data/docs-words.msgpack.gz?url";
import docs from "../.stage/data/docs.msgpack.gz?url";
import model from "../.stage/data/model.msgpack.gz?url";
import registryWords from "../.stage/data/registry-words.msgpack.gz?url";
import registry from "../.stage/data/registry.msgpack.gz?url";

/** Bytes of the model, as the build found it. */
export const SIZE = DATA.model.bytes;

/** Browsers keep downloads, and compute hashes, on https:// and localhost only. */
export const CACHE = isSecureContext && "caches" in globalThis;

/** An address of the build's, as workers understand it too. */
export const absolute = (address) => new URL(address, document.baseURI).href;

const file = (address, { integrity }) => (CACHE ? { url: absolute(address), integrity } : absolute(address));

/** Where a file is, for those that do not keep it. */
export const place = (file) => file.url ?? file;

export const MODEL = file(model, DATA.model);
/** Snapshots with vectors, and the same without, which answer until those and the model are there. */
export const REGISTRY = { words: absolute(registryWords), whole: file(registry, DATA.registry) };
export const DOCS = { words: absolute(docsWords), whole: file(docs, DATA.docs) };
