// What does each engine serve? An index of the same pages, and a page that asks it and shows the first result.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { create, insertMultiple, save } from "@orama/orama";
import { build } from "vite";

const PAGES = fileURLToPath(new URL("./pages/", import.meta.url));
const PAGEFIND = fileURLToPath(new URL("../node_modules/pagefind/lib/runner/bin.cjs", import.meta.url));

/** By address, and by which snapshot it opens, each of ours lacking one thing more; the demo's page carries fonts, styles and all that a site has. */
export const ENTRANTS = {
  "SkillMesh": "/pages/skillmesh.html?snapshot=words.msgpack.gz",
  "SkillMesh, nothing asked for ahead": "/pages/unprepared.html?snapshot=words.msgpack.gz",
  "SkillMesh, nor compressed": "/pages/unprepared.html?snapshot=words.msgpack",
  "SkillMesh, nor without vectors": "/pages/unprepared.html?snapshot=docs.msgpack",
  "the demo's own page, with fonts and all": "/demo/docs/",
  "Pagefind": "/pages/pagefind.html",
  "Orama": "/pages/orama.html",
};

/** The documents' pages of the demo site, without the one that searches them. */
const documents = (demo) => readdirSync(join(demo, "docs")).filter((name) => name.endsWith(".html") && name !== "index.html");

/** Everything below `folder`. */
export async function makeSite(folder, { demo, cli, model }) {
  const site = join(folder, "site");
  mkdirSync(site, { recursive: true });
  for (const name of documents(demo)) cpSync(join(demo, "docs", name), join(site, name));
  cpSync(demo, join(folder, "demo"), { recursive: true });
  for (const [name, ...options] of [["docs", "--model", model], ["words", "--no-dense"]]) ingest(cli, site, join(folder, `${name}.msgpack`), options);
  execFileSync(process.execPath, [PAGEFIND, "--site", site, "--output-path", join(folder, "pagefind")], { stdio: "pipe" });
  writeFileSync(join(folder, "orama.json"), JSON.stringify(orama(site)));
  const input = ["skillmesh", "unprepared", "pagefind", "orama"].map((name) => join(PAGES, `${name}.html`));
  const settings = { outDir: join(folder, "pages"), target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } };
  await build({ root: PAGES, base: "./", configFile: false, logLevel: "error", build: { ...settings, rollupOptions: { input } } });
}

/** A snapshot of the site, and the same as a gzip file. */
function ingest(cli, site, out, options) {
  execFileSync(cli, ["ingest", site, ...options, "--out", out], { stdio: "pipe" });
  writeFileSync(`${out}.gz`, gzipSync(readFileSync(out), { level: 9 }));
}

/** Orama's index of what a reader sees of each page. */
function orama(site) {
  const db = create({ schema: { title: "string", content: "string" } });
  insertMultiple(db, readdirSync(site).map((name) => page(name, readFileSync(join(site, name), "utf8"))));
  return save(db);
}

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"' };

function page(name, html) {
  const sign = (all, entity) => ENTITIES[entity] ?? (entity.startsWith("#") ? String.fromCharCode(entity.slice(1)) : all);
  const signs = (text) => text.replace(/&(#?\w+);/g, sign);
  const text = (part) => signs(part.replace(/<[^>]*>/g, " "));
  return { id: name, title: text(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)[1]), content: text(/<article[^>]*>(.*?)<\/article>/s.exec(html)[1]) };
}
