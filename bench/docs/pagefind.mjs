// How does Pagefind index a site and answer?
//
// Its browser script runs in Node as it is, once `fetch` can read files; that also counts what a visitor loads.
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { sizesOf } from "../saved.mjs";
import { TOP } from "./quality.mjs";

const PROGRAM = fileURLToPath(new URL("../node_modules/pagefind/lib/runner/bin.cjs", import.meta.url));
/** What a browser loads to begin with; the worker's script stays out of Node, which runs the search in place. */
const SCRIPTS = ["pagefind.js", "pagefind-worker.js"];
/** Index, fragments and their lists: what the bundle holds beside scripts and styles, which do not grow with a site. */
const DATA = /\.(pf_index|pf_fragment|pf_meta|pf_filter)$|pagefind-entry\.json$/;

let fetched = 0;

async function fetchFile(url) {
  const bytes = await readFile(fileURLToPath(new URL(url).href.split("?")[0]));
  fetched += bytes.length;
  return new Response(bytes);
}

const fetchOther = globalThis.fetch;
globalThis.fetch = (url, options) => (String(url).startsWith("file:") ? fetchFile(url) : fetchOther(url, options));

async function fetchedBy(work) {
  const before = fetched;
  await work();
  return fetched - before;
}

/** Pagefind without anything loaded, as a new visitor's page has it. */
async function visit(out) {
  const bundle = `${pathToFileURL(out)}/`;
  const { createInstance } = await import(`${bundle}pagefind.js`);
  return createInstance({ basePath: bundle, baseUrl: "/" });
}

/** Pagefind lists sections in the order of the page; its own interface shows those that match most often. */
const strongestFirst = (sections) => [...sections].sort((a, b) => b.locations.length - a.locations.length);

const result = ({ url, sub_results: sections }) =>
  ({ url, sections: strongestFirst(sections).map((section) => section.url) });

async function search(pagefind, text) {
  const { results } = await pagefind.search(text);
  const pages = await Promise.all(results.slice(0, TOP).map((hit) => hit.data()));
  return pages.map(result);
}

const filesIn = (out) => readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

export const pagefind = {
  engine: "pagefind",
  command: (site, out) => [process.execPath, PROGRAM, "--site", site.html, "--output-path", out],
  files: (out) => filesIn(out).filter((path) => DATA.test(path)),
  bundle: filesIn,
  async firstLoads(out, texts) {
    const scripts = sizesOf(SCRIPTS.map((name) => join(out, name))).gzip;
    const loads = [];
    for (const text of texts) loads.push(scripts + (await fetchedBy(async () => search(await visit(out), text))));
    return loads;
  },
  async open(out) {
    const instance = await visit(out);
    return (text) => search(instance, text);
  },
};
