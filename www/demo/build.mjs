// How does the site come about? Pages are written, data made by the program, and Vite puts both where the hashes of their contents say.
// node build.mjs --cli PROGRAM --registry SNAPSHOT --model MODEL --out FOLDER [--site ADDRESS]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
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

/** What several pages need comes in one file: on slow networks each file costs a wait. The search box, a third of all, is not for every page. */
const SHARED = { name: "shared", test: /demo\/src\/(?!search-box)[^/]*\.js$/, minShareCount: 2 };

function write(path, content) {
  mkdirSync(dirname(join(stage, path)), { recursive: true });
  writeFileSync(join(stage, path), content);
}

const run = (...args) => execFileSync(given.cli, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

/** Snapshots with and without vectors, and the model. The documents' are made of their pages, so that their addresses lead to them. */
function makeData() {
  writeFileSync(join(stage, "docs/.gitignore"), "index.html\n");
  const [experts, queries] = [join(root, "examples/registry"), join(root, "examples/registry/queries.jsonl")];
  pack("registry-words", (out) => {
    run("build", experts, "--no-dense", "--out", out);
    run("tune", "--snapshot", out, "--queries", queries, "--json");
  });
  pack("docs-words", (out) => run("ingest", join(stage, "docs"), "--no-dense", "--out", out));
  write("data/questions.json", JSON.stringify(questions()));
  return {
    registry: pack("registry", (out) => writeFileSync(out, readFileSync(given.registry))),
    docs: pack("docs", (out) => run("ingest", join(stage, "docs"), "--model", given.model, "--out", out)),
    model: pack("model", (out) => writeFileSync(out, readFileSync(given.model))),
  };
}

/** Compresses what `make` writes, since hosts send it as it lies there; gives the bytes of that and the hash by which visitors keep it. */
function pack(name, make) {
  const out = join(stage, "data", `${name}.msgpack`);
  make(out);
  const packed = gzipSync(readFileSync(out), { level: 9 });
  writeFileSync(`${out}.gz`, packed);
  rmSync(out);
  return { bytes: packed.length, integrity: `sha256-${createHash("sha256").update(packed).digest("base64")}` };
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

/** The service worker's cache goes by what it holds, so that another build starts with an empty one. */
function writeServiceWorker() {
  const name = createHash("sha256").update(readdirSync(join(given.out, "assets")).join()).digest("hex").slice(0, 12);
  writeFileSync(join(given.out, "sw.js"), readFileSync(join(here, "src/sw.js"), "utf8").replace("VERSION", JSON.stringify(name)));
}

/** Fonts go with their licences. */
function writeLicences() {
  const licence = (name) => readFileSync(join(here, "node_modules", name, "LICENSE"), "utf8");
  const texts = ["@fontsource-variable/instrument-sans", "@fontsource/ibm-plex-mono"].map(licence);
  writeFileSync(join(given.out, "font-licences.txt"), texts.join("\n\n"));
}

rmSync(stage, { recursive: true, force: true });
mkdirSync(join(stage, "data"), { recursive: true });
const input = writePages();
const data = makeData();
await build({
  root: stage,
  base: "./",
  publicDir: join(here, "public"),
  configFile: false,
  logLevel: "warn",
  assetsInclude: ["**/*.msgpack.gz"],
  define: { DATA: JSON.stringify(data) },
  worker: { format: "es" },
  build: {
    outDir: resolve(given.out),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rollupOptions: { input, checks: { pluginTimings: false }, output: { codeSplitting: { groups: [SHARED] } } },
  },
});
writeServiceWorker();
writeLicences();
