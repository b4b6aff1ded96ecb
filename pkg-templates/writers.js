// Who writes the block for a provider?

import { Core } from "./wasm/skillmesh.js";
import { guarded } from "./error.js";
import { indexing, writtenFor } from "./indexer.js";

/** What the options say of the block. */
const SAID = ["instructionChars", "deferLoading", "maxChars", "maxTokens"];

/** The block of what `core` found; but for the most usual forms it is written by wasm that only those load who ask for another. */
export async function written(core, provider, found, options) {
  if (guarded(() => Core.writesFor(provider))) return found;
  const ids = core.ids?.() ?? "[]";
  await indexing();
  const said = SAID.map((name) => [name, typeof options[name] === "bigint" ? Number(options[name]) : options[name]]);
  return guarded(() => writtenFor(provider, found, ids, JSON.stringify(Object.fromEntries(said))));
}
