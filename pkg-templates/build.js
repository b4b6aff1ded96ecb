// How do files of registries and skills become a mesh where nobody has built one? By the indexer, here.

import { build, building } from "./builder.js";
import { downloading } from "./download.js";
import { guarded, heeded, refused } from "./error.js";
import { dropped, loaded } from "./embedding.js";
import { readGiven } from "./given.js";
import { unlessAborted } from "./options.js";
import { session } from "./session.js";

/** What `load` makes of these files' cards, what was found on the way, and when all passages have their vectors. */
export async function built(files, options, load) {
  const { model } = options;
  heeded(model);
  const downloads = downloading(options);
  const given = await unlessAborted(readGiven(files), downloads.signal);
  const loading = model === undefined || model === null ? undefined : loaded(model, downloads);
  try {
    const [found] = await unlessAborted(Promise.all([loading, building()]), downloads.signal);
    const { snapshot, findings } = compiled(given.files, found?.model);
    const mesh = await opened(load, snapshot, { ...options, model: found?.model });
    if (found?.owned) mesh[session].own();
    const embedded = found ? mesh.upsert([]) : Promise.resolve(); // also of no cards, it makes up for vectors that are missing
    heeded(embedded);
    return { mesh, findings: [...given.findings, ...findings], embedded };
  } catch (error) {
    dropped(loading);
    throw error;
  }
}

async function opened(load, snapshot, options) {
  const mesh = await load(snapshot, options);
  try {
    await mesh.semanticReady;
    return mesh;
  } catch (error) {
    mesh.free();
    throw error;
  }
}

function compiled(files, model) {
  if (model && !(model.dimensions > 0)) throw refused("model: expected `dimensions` beside `embed`: how many numbers a vector has");
  const about = model ? [model.name ?? "", model.fingerprint, model.dimensions] : [];
  const [paths, contents] = [files.map(({ path }) => path), files.map(({ bytes }) => bytes)];
  const made = guarded(() => build(paths, contents, ...about));
  try {
    return { snapshot: made.takeSnapshot(), findings: JSON.parse(made.findings) };
  } finally {
    made.free();
  }
}
