// Who writes the block for a provider?

import { Core } from "./wasm/skillmesh.js";
import { guarded } from "./error.js";
import { indexing, writtenFor } from "./indexer.js";

/** What the options say of the block. */
const SAID = ["instructionChars", "deferLoading", "maxChars", "maxTokens"];

/** The block of what was found; but for the most usual forms it is written by wasm that only those load who ask for another. */
export async function written(provider, found, options) {
  if (guarded(() => Core.writesFor(provider))) return found;
  await indexing();
  const said = Object.fromEntries(SAID.map((name) => [name, options[name]]));
  return guarded(() => writtenFor(provider, found, JSON.stringify(said)));
}
