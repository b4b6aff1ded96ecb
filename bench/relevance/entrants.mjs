// Who is compared, and with which settings?
//
// An entrant opens a set and gives a function from a query to the ids of its best documents. Engines that the speed
// benchmark knows run as they do there, with their documented defaults; a second line has what their documentation
// shows beyond them.
import { create, insert, search } from "@orama/orama";
import { stopwords } from "@orama/stopwords/english";
import { Document } from "flexsearch";
import Fuse from "fuse.js";
import { SkillMesh } from "skillmesh";
import { peers } from "../peers.mjs";

const TOP = 10;

const ids = (hits) => hits.map((hit) => hit.id);

const skillMesh = (mode) => async ({ snapshot }, embedder) => {
  const mesh = await SkillMesh.load(snapshot, { model: mode === "sparse" ? null : embedder });
  await mesh.semanticReady;
  return async ({ text }) => ids((await mesh.retrieve(text, { topK: TOP, mode })).hits);
};

const peer = (adapter) => async ({ docs }) => {
  const index = await adapter.create();
  for (const doc of docs) await adapter.add(index, doc);
  return ({ text }) => adapter.search(index, text, TOP);
};

/** MiniSearch with the search options that its README shows as an application's own defaults. */
const tunedMiniSearch = {
  ...peers.MiniSearch,
  search: (index, query, k) => ids(index.search(query, { boost: { title: 2 }, fuzzy: 0.2 }).slice(0, k)),
};

/** FlexSearch with an index for each field, whose results it merges by itself. */
const flexDocument = {
  create: () => new Document({ document: { id: "id", index: ["title", "description", "body"] } }),
  add: (index, doc) => index.add(doc),
  search: (index, query, k) => ids(index.search(query, { limit: k, suggest: true, merge: true })).slice(0, k),
};

const fuse = (options) => ({ docs }) => {
  const index = new Fuse(docs, { keys: ["title", "description", "body"], ...options });
  return ({ text }) => index.search(text, { limit: TOP }).map(({ item }) => item.id);
};

const english = { tokenizer: { language: "english", stemming: true, stopWords: stopwords } };

async function oramaIndex({ docs }, dimensions, components) {
  const fields = { title: "string", description: "string", body: "string" };
  const db = create({ schema: { ...fields, vector: `vector[${dimensions}]` }, components });
  // A copy each, since a vector search empties the vectors of the documents that it returns.
  for (const doc of docs) await insert(db, { ...doc });
  return db;
}

const orama = (options, components) => async (set, embedder) => {
  const db = await oramaIndex(set, embedder.dimensions, components);
  return async ({ text, vector }) =>
    ids((await search(db, { term: text, vector: { value: vector, property: "vector" }, limit: TOP, ...options })).hits);
};

export const OURS = { sparse: "SkillMesh, keywords", hybrid: "SkillMesh, both" };

export const entrants = {
  [OURS.sparse]: skillMesh("sparse"),
  [OURS.hybrid]: skillMesh("hybrid"),
  "MiniSearch": peer(peers.MiniSearch),
  "MiniSearch, title twice, fuzzy": peer(tunedMiniSearch),
  "FlexSearch, suggest": peer(peers.FlexSearch),
  "FlexSearch, suggest, an index per field": peer(flexDocument),
  "Fuse.js, ignoreLocation": fuse({ ignoreLocation: true }),
  "Fuse.js, token search, threshold 0.3": fuse({ useTokenSearch: true, threshold: 0.3 }),
  "Orama, keywords": peer(peers.Orama),
  "Orama, keywords, stop words and stems": orama({ mode: "fulltext" }, english),
  "Orama, vectors": orama({ mode: "vector" }),
  "Orama, vectors, similarity 0": orama({ mode: "vector", similarity: 0 }),
  "Orama, both": orama({ mode: "hybrid" }),
  "Orama, both, similarity 0": orama({ mode: "hybrid", similarity: 0 }),
  "Orama, both, similarity 0, stop words and stems": orama({ mode: "hybrid", similarity: 0 }, english),
};
