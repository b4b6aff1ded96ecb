// How does MiniSearch index a site and answer?
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import MiniSearch from "minisearch";
import { sizesOf } from "../saved.mjs";
import { TOP } from "./quality.mjs";

const BUILD = fileURLToPath(new URL("./minisearch-build.mjs", import.meta.url));
const LIBRARY = fileURLToPath(new URL("../node_modules/minisearch/dist/es/index.js", import.meta.url));

export const indexOptions = { fields: ["title", "text"], storeFields: ["title"] };

const indexFile = (out) => join(out, "index.json");

/** With the search options that its own documentation shows, or none. */
export function miniSearch(searchOptions) {
  return {
    engine: "minisearch",
    command: (site, out) => [process.execPath, BUILD, site.records, indexFile(out)],
    files: (out) => [indexFile(out)],
    firstLoads: (out) => [sizesOf([LIBRARY, indexFile(out)]).gzip],
    open(out) {
      const index = MiniSearch.loadJSON(readFileSync(indexFile(out), "utf8"), indexOptions);
      return (text) => index.search(text, searchOptions).slice(0, TOP).map(({ id }) => ({ url: id, sections: [] }));
    },
  };
}
