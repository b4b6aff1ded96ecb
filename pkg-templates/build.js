// How do files of registries and skills become a mesh where nobody has built one? By the indexer, here.

import { build, building } from "./builder.js";
import { downloading } from "./download.js";
import { guarded, refused } from "./error.js";
import { dropped, loaded } from "./embedding.js";
import { session } from "./session.js";

/** What `load` makes of these files' cards, what was found on the way, and when all passages have their vectors. */
export async function built(files, options, load) {
  const given = await Promise.all(listed(files).map(contentOf));
  const { model } = options;
  const loading = model === undefined || model === null ? undefined : loaded(model, downloading(options));
  try {
    const [found] = await Promise.all([loading, building()]);
    const { snapshot, findings } = compiled(given, found?.model);
    const mesh = await load(snapshot, { ...options, model: found?.model });
    await mesh.semanticReady;
    if (found?.owned) mesh[session].own();
    const embedded = found ? mesh.upsert([]) : Promise.resolve(); // also of no cards, it makes up for vectors that are missing
    embedded.catch(() => {}); // whoever awaits it sees it
    return { mesh, findings, embedded };
  } catch (error) {
    dropped(loading);
    throw error;
  }
}

function listed(files) {
  if (typeof files?.[Symbol.iterator] === "function" && typeof files !== "string") return [...files];
  throw refused("files: expected a list of files, each { path, text } or { path, bytes } or a File");
}

/** A file's path and bytes; one that was chosen in a browser says where it lay in its folder. */
async function contentOf(file, number) {
  const path = file?.path ?? (file?.webkitRelativePath || file?.name);
  if (typeof path !== "string" || path === "") throw refused(`files[${number}]: expected \`path\`, got ${path === "" ? "an empty text" : typeof path}`);
  if (typeof file.text === "string") return { path, bytes: new TextEncoder().encode(file.text) };
  if (file.bytes instanceof Uint8Array) return { path, bytes: file.bytes };
  if (typeof Blob !== "undefined" && file instanceof Blob) return { path, bytes: new Uint8Array(await file.arrayBuffer()) };
  throw refused(`files[${number}]: ${path}: expected \`text\` or \`bytes\`, or a File`);
}

function compiled(files, model) {
  if (model && !(model.dimensions > 0)) throw refused("model: expected `dimensions` beside `embed`: how many numbers a vector has");
  const about = model ? [model.name ?? "", model.fingerprint, model.dimensions] : [];
  const made = guarded(() => build(files.map(({ path }) => path), files.map(({ bytes }) => bytes), ...about));
  try {
    return { snapshot: made.takeSnapshot(), findings: JSON.parse(made.findings) };
  } finally {
    made.free();
  }
}
