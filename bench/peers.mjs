// How does each JavaScript search engine build, save, load and answer?
//
// One adapter per engine, each with its documented defaults, so that nobody's numbers depend on our tuning.
// `save` gives a list of strings, since FlexSearch exports several; the others give one.
import MiniSearch from "minisearch";
import * as orama from "@orama/orama";
import { Index } from "flexsearch";

const miniSearchOptions = { fields: ["title", "description", "body"], storeFields: ["title", "description"] };

const miniSearch = {
  create: () => new MiniSearch(miniSearchOptions),
  add: (index, doc) => index.add(doc),
  save: (index) => [JSON.stringify(index)],
  load: ([json]) => MiniSearch.loadJSON(json, miniSearchOptions),
  search: (index, query, k) => index.search(query).slice(0, k).map((hit) => hit.id),
};

const oramaSchema = { title: "string", description: "string", body: "string" };
const createOrama = () => orama.create({ schema: oramaSchema });

const oramaSearch = {
  create: createOrama,
  add: (db, doc) => orama.insert(db, doc),
  save: async (db) => [JSON.stringify(await orama.save(db))],
  load: async ([json]) => {
    const db = createOrama();
    await orama.load(db, JSON.parse(json));
    return db;
  },
  search: async (db, query, k) => (await orama.search(db, { term: query, limit: k })).hits.map((hit) => hit.id),
};

const createFlex = () => new Index({ tokenize: "strict" });

/** The export as key, data, key, data…: each pair is one file in FlexSearch's own examples. */
async function exportFlex(index) {
  const parts = [];
  await index.export((key, data) => void parts.push(key, data ?? ""));
  return parts;
}

function importFlex(parts) {
  const index = createFlex();
  for (let i = 0; i < parts.length; i += 2) index.import(parts[i], parts[i + 1]);
  return index;
}

const flexSearch = {
  create: createFlex,
  add: (index, doc) => index.add(doc.id, `${doc.title}\n${doc.description}\n${doc.body}`),
  save: exportFlex,
  load: importFlex,
  // Without `suggest` every word must occur, and a long query finds nothing at all.
  search: (index, query, k) => index.search(query, { limit: k, suggest: true }),
};

export const peers = { MiniSearch: miniSearch, Orama: oramaSearch, FlexSearch: flexSearch };
