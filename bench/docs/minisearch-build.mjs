// MiniSearch has no command: this is the least that one could be. `node minisearch-build.mjs PAGES INDEX`
import { readFileSync, writeFileSync } from "node:fs";
import MiniSearch from "minisearch";
import { indexOptions } from "./minisearch.mjs";

const [pages, out] = process.argv.slice(2);
const index = new MiniSearch(indexOptions);
index.addAll(JSON.parse(readFileSync(pages, "utf8")));
writeFileSync(out, JSON.stringify(index));
