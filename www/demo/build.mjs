// How does the site come about? Pages are written, data made by the program, and Vite puts both where the hashes of their contents say.
// node build.mjs --cli PROGRAM --registry SNAPSHOT --model MODEL --out FOLDER [--site ADDRESS]
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";
import { docsPage, documentPages, documents } from "./pages/docs.mjs";
import { OWN } from "./pages/own.mjs";
import { PERFORMANCE } from "./pages/performance.mjs";
import { playground } from "./pages/playground.mjs";
import { shell } from "./pages/shell.mjs";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const stage = join(here, ".stage");
const text = { type: "string" };
const { values: given } = parseArgs({ options: { cli: text, registry: text, model: text, out: text, site: text } });

/** How many questions the page that measures itself may ask. */
const QUESTIONS = 50;

function write(path, content) {
  mkdirSync(dirname(join(stage, path)), { recursive: true });
  writeFileSync(join(stage, path), content);
}

const run = (...args) => execFileSync(given.cli, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

/** Snapshots and model; the documents' snapshot is made of their pages, so that its addresses lead to them. */
function makeData() {
  mkdirSync(join(stage, "data"), { recursive: true });
  cpSync(given.registry, join(stage, "data/registry.msgpack"));
  cpSync(given.model, join(stage, "data/minilm.msgpack"), { dereference: true });
  writeFileSync(join(stage, "docs/.gitignore"), "index.html\n");
  run("ingest", join(stage, "docs"), "--model", given.model, "--out", join(stage, "data/docs.msgpack"));
  write("data/questions.json", JSON.stringify(questions()));
}

/** Some of the registry's own test questions, evenly from all of them. */
function questions() {
  const lines = readFileSync(join(root, "examples/registry/queries.jsonl"), "utf8").trim().split("\n");
  const step = lines.length / QUESTIONS;
  return Array.from({ length: QUESTIONS }, (_, i) => JSON.parse(lines[Math.floor(i * step)]).text);
}

function writePages() {
  const all = documents(root);
  const { cards } = JSON.parse(run("inspect", given.registry, "--json"));
  const pages = [playground(cards), docsPage(all), ...documentPages(all), OWN, PERFORMANCE];
  for (const page of pages) write(page.path, shell({ ...page, site: given.site }));
  return pages.map(({ path }) => join(stage, path));
}

/** Fonts go with their licences. */
function writeLicences() {
  const licence = (name) => readFileSync(join(here, "node_modules", name, "LICENSE"), "utf8");
  const texts = ["@fontsource-variable/instrument-sans", "@fontsource/ibm-plex-mono"].map(licence);
  writeFileSync(join(given.out, "font-licences.txt"), texts.join("\n\n"));
}

rmSync(stage, { recursive: true, force: true });
const input = writePages();
makeData();
await build({
  root: stage,
  base: "./",
  publicDir: join(here, "public"),
  configFile: false,
  logLevel: "warn",
  assetsInclude: ["**/*.msgpack"],
  define: { MODEL_BYTES: statSync(given.model).size },
  worker: { format: "es" },
  build: {
    outDir: resolve(given.out),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rollupOptions: { input, checks: { pluginTimings: false } },
  },
});
writeLicences();
