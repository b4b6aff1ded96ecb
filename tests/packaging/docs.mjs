// Do the documents show what was tested? A block that names a file of a project must be that file, figures must be those of the run, and no
// example may keep a load that failed.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../../", import.meta.url));
const documents = ["docs/hosts.md", "docs/browser.md", "docs/widget.md"];
const examples = ["tests/packaging/projects", "examples", "docs", "pkg-templates/README.md", "README.md"];
const block = /^```\w+ (projects\/\S+)\n([\s\S]*?)^```$/gm;

/** Problems with blocks such as "```js projects/vite/main.js", and with examples. */
export async function checkDocs() {
  const files = (await Promise.all(examples.map(filesIn))).flat().filter((path) => /\.(m?jsx?|md|svelte|html)$/.test(path));
  const found = [...documents.map(problemsOf), ...files.map(async (path) => keeping(path, await read(path)))];
  return (await Promise.all(found)).flat();
}

const read = (path) => readFile(join(root, path), "utf8");

async function filesIn(path) {
  if (path.endsWith(".md")) return [path];
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, path, name }) => join(parentPath ?? path, name).slice(root.length));
  return files.filter((file) => !file.includes("node_modules"));
}

async function problemsOf(path) {
  return shown(path, await read(path), (name) => readFile(new URL(name, import.meta.url), "utf8").catch(() => ""));
}

/** Problems with the blocks of a text; a document without any would be checked by nothing. */
export async function shown(path, text, fileOf) {
  const blocks = [...text.matchAll(block)];
  if (blocks.length === 0) return [`${path}: no block names a file of tests/packaging; expected at least one`];
  const found = blocks.map(async ([, name, content]) => ((await fileOf(name)) === content ? [] : [`${path}: the block ${name} is not that file`]));
  return (await Promise.all(found)).flat();
}

/** A promise that is kept for all who come must not be kept where it was rejected. */
export function keeping(path, text) {
  const kept = [...text.matchAll(/\b(\w+) \?\?= (?:\w+\.)*load\w*\(/g)].map(([, name]) => name);
  const forgotten = kept.filter((name) => !text.includes(`${name} = undefined;`));
  return forgotten.map((name) => `${path}: \`${name} ??= …\` keeps a load that failed; expected \`${name} = undefined\` where it is caught`);
}

const megabytes = (names, sizes) => names.reduce((sum, name) => sum + sizes[name], 0) / 1e6;
const all = ["core", "embed", "index", "build"];

/** Figures of docs/hosts.md: where each stands, what it should be, and how far off it may be. */
const figures = [
  [/about (\d+) kB of scripts/, ({ js }) => js && js / 1000, 0.1],
  [/(\d+) kB of wasm \(gzip\)/, ({ core }) => core / 1000, 0.01],
  [/(\d+) kB more for meaning/, ({ embed }) => embed / 1000, 0.01],
  [/(\d+) kB\s+more at the first `upsert`/, ({ index }) => index / 1000, 0.01],
  [/wasm is ([\d.]+) MB of what/, (sizes) => megabytes(all, sizes), 0.05],
];

/** Problems with those figures, by the files of the package and, where that ran, a page made with Vite. */
export async function checkFigures(folder, rows) {
  const names = { core: "skillmesh_bg", embed: "skillmesh_embed_bg", index: "skillmesh_index_bg", build: "skillmesh_build_bg" };
  const weighed = async ([name, file]) => [name, gzipSync(await readFile(join(folder, `${file}.wasm`)), { level: 9 }).length];
  const sizes = Object.fromEntries(await Promise.all(Object.entries(names).map(weighed)));
  return figuresOf(await read("docs/hosts.md"), { ...sizes, js: rows.find(({ host }) => host === "vite")?.js });
}

export function figuresOf(text, sizes) {
  return figures.flatMap(([place, of, tolerance]) => {
    const [said, expected] = [Number(text.match(place)?.[1]), of(sizes)];
    if (expected === undefined || Math.abs(said / expected - 1) <= tolerance) return [];
    return [`docs/hosts.md: ${place.source}: says ${said}, the run says ${expected.toPrecision(3)}`];
  });
}
