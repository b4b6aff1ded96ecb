// Does the packed package work in every host, and answer as the native program does?
//   node tests/packaging/run.mjs [NAME...] [--keep] [--accept]
// `--keep` leaves the projects' folders; `--accept` takes the package's contents as golden.
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { added, ask, question } from "./ask.js";
import * as browse from "./browse.mjs";
import { checkContents } from "./contents.mjs";
import { checkDocs, checkFigures } from "./docs.mjs";
import { hosts } from "./hosts.mjs";
import { freePort, run, started } from "./process.mjs";
import { serve } from "./serve.mjs";
import { askTrusting, askWorker, writeDocuments } from "./worker.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const build = here("../../build");
const tarball = join(build, "skillmesh-0.1.0.tgz");
const companion = join(build, "skillmesh-model-minilm-0.1.0.tgz");
const program = process.env.SKILLMESH_CLI ?? join(build, "skillmesh");
const snapshot = process.env.SKILLMESH_SNAPSHOT ?? join(build, "registry.msgpack");
const model = here("../../models/skillmesh-mini.msgpack");
const minilm = join(build, "minilm.msgpack");
const npm = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
/** The program takes the package's model for what is new, and finds the one that a snapshot's vectors are from. */
const env = { ...process.env, SKILLMESH_MODEL: model };
const leftovers = [];
const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith("--"));

/** The right answers: the native program's where it is given, else those of the package as it was built. */
async function expected(snapshot, model) {
  if (process.env.SKILLMESH_CLI) return native(snapshot);
  const { SkillMesh } = await import(join(build, "pkg/node.js"));
  return ask(await SkillMesh.load(snapshot, { model }));
}

function native(snapshot) {
  const ids = (query, mode) => JSON.parse(said("retrieve", snapshot, query, "--mode", mode, "--json")).hits.map((hit) => hit.id);
  const block = said("emit", snapshot, question, "--provider", "claude", "--top-k", "1", "--mode", "hybrid");
  return { keyword: ids("seaborn heatmap", "sparse"), hybrid: ids(question, "hybrid"), block: block.trimEnd(), upsert: [added.id, added.id] };
}

function said(command, snapshot, query, ...options) {
  return execFileSync(program, [command, "--snapshot", snapshot, "--query", query, ...options], { encoding: "utf8", env });
}

/** What search boxes are asked: the second has no word of the documents in it, so that the order is that of meaning. */
const pages = { keyword: "cut or damaged snapshot", hybrid: "salary" };
let documents;

/** The registry with the vectors of the larger model, for those who install that. */
let registry;

function registryMade() {
  registry ??= temporary("registry").then((folder) => {
    const made = join(folder, "registry.msgpack");
    execFileSync(program, ["build", here("../../examples/registry"), "--out", made, "--model", minilm], { stdio: ["ignore", "ignore", "pipe"] });
    return made;
  });
  return registry;
}

/** A snapshot of the documents, which is made once. */
function documentsMade() {
  documents ??= temporary("documents").then((folder) => {
    const made = join(folder, "docs.msgpack");
    execFileSync(program, ["ingest", here("../../docs"), "--out", made], { stdio: ["ignore", "ignore", "pipe"], env });
    return made;
  });
  return documents;
}

/** The pages that the native program finds, eight as the search box shows. */
async function expectedPages() {
  const made = await documentsMade();
  const paths = (query, mode) => JSON.parse(said("search", made, query, "--mode", mode, "--limit", "8", "--json")).pages.map((page) => page.path);
  return { keyword: paths(pages.keyword, "sparse"), hybrid: paths(pages.hybrid, "hybrid") };
}

/** Folders of projects by name and version, so that hosts which share a build build once. */
const folders = new Map();

/** A copy of the host's project with the package installed and built, with the snapshot and the model. */
function prepared(host) {
  const { name, project = name, other, dev, build, config } = host;
  const key = [project, other, dev, build, config].join(" ");
  if (!folders.has(key)) folders.set(key, copied(project, host.folder).then((folder) => made(host, folder)));
  return folders.get(key);
}

async function copied(project, from = `projects/${project}`) {
  const folder = await temporary(project);
  await cp(here(from), folder, { recursive: true, filter: (path) => !/\/(node_modules|assets|\.wrangler)$/.test(path) });
  await cp(here("ask.js"), join(folder, "ask.js"));
  return folder;
}

async function temporary(name) {
  const folder = await mkdtemp(join(await realpath(tmpdir()), `skillmesh-${name}-`));
  leftovers.push(folder);
  return folder;
}

async function made({ tool, other, setup, dev, data = ".", config, companion: withModel, build = "build", documents }, folder) {
  if (config) await writeFile(join(folder, "vite.config.js"), config);
  await run(folder, "npm", "install", ...npm, tarball, ...(withModel ? [companion] : []), ...(other ? [`${tool}@${other}`] : []));
  if (setup) await run(folder, ...setup);
  if (data !== "dist") await giveData(join(folder, data), documents, withModel);
  const { scripts = {} } = JSON.parse(await readFile(join(folder, "package.json")));
  if (scripts[build] && !dev) await run(folder, "npm", "run", build);
  if (data === "dist") await giveData(join(folder, data), documents);
  return folder;
}

async function giveData(folder, documents, withModel) {
  await mkdir(folder, { recursive: true });
  if (documents) await cp(await documentsMade(), join(folder, "docs.msgpack"));
  await cp(await realpath(snapshot), join(folder, "registry.msgpack"));
  await cp(model, join(folder, "skillmesh-mini.msgpack"));
  if (withModel) await cp(await registryMade(), join(folder, "minilm-registry.msgpack"));
}

/** The version of the host: of its tool, else of the browser that was seen, else of Node. */
async function versionOf({ tool }, folder, seen) {
  if (!tool) return seen.version ?? process.versions.node;
  return JSON.parse(await readFile(join(folder, "node_modules", tool, "package.json"))).version;
}

/** Installs, builds where there is something to build, and sees what the host answers. */
async function tried(host) {
  const begun = Date.now();
  const folder = await prepared(host);
  const seen = await see[host.see](host, folder);
  return { ...seen, version: await versionOf(host, folder, seen), seconds: (Date.now() - begun) / 1000 };
}

const see = {
  async output(host, folder) {
    return { answers: [JSON.parse(await run(folder, "npm", "start", "--silent"))], problems: [] };
  },
  async page(host, folder) {
    return served(host, folder, (address) => browse.page(address, picture(host)));
  },
  async searchBox(host, folder) {
    const [path = ""] = host.paths ?? [];
    return served(host, folder, (address) => browse.searchBox(new URL(path, address).href, picture(host), pages, host.most));
  },
  /** A bundle for a server, which runs where nothing is but itself and what was put beside it. */
  async moved(host, folder) {
    const elsewhere = await temporary(host.name);
    await cp(join(folder, "dist"), elsewhere, { recursive: true });
    await rm(join(folder, "node_modules/skillmesh"), { recursive: true });
    return { answers: [JSON.parse(await run(elsewhere, "node", host.main))], problems: [] };
  },
  async extension(host, folder) {
    return browse.extension(join(folder, "dist"), host.paths[0], picture(host));
  },
  /** Two requests at once: the second must not disturb the first, which still loads. */
  async response(host, folder) {
    const twice = [...host.paths, ...host.paths];
    const get = (address) => twice.map((path) => asked(new URL(path, address)).then(answered));
    return served(host, folder, async (address) => ({ answers: await Promise.all(get(address)), problems: [] }));
  },
  /** The example, as it is and where it believes its callers; `npm run assets` takes its files from the environment. */
  async worker(host, folder) {
    const documents = join(folder, "documents");
    await writeDocuments(here("../../docs"), documents);
    Object.assign(process.env, { SKILLMESH_DOCS: documents, SKILLMESH_CLI: program, SKILLMESH_SNAPSHOT: snapshot, SKILLMESH_MODEL: model });
    await run(folder, "npm", "run", "assets");
    const seen = await served(host, folder, askWorker);
    const { problems } = await served({ ...host, start: host.trusting }, folder, askTrusting);
    return { ...seen, problems: [...seen.problems, ...problems] };
  },
};

function asked(address) {
  return fetch(address, { signal: AbortSignal.timeout(120_000) });
}

/** A request fails while there is no snapshot, so that it is seen that the next, when there is one, does not. */
async function failed(host, folder, address) {
  const file = join(folder, host.data, "registry.msgpack");
  await rename(file, `${file}.away`);
  try {
    for (const path of host.paths ?? [""]) {
      const { status } = await asked(new URL(path, address));
      if (status < 500) throw new Error(`${address}${path}: expected a failure without a snapshot, got status ${status}`);
    }
  } finally {
    await rename(`${file}.away`, file);
  }
}

async function answered(response) {
  if (response.ok) return response.json();
  throw new Error(`${response.url}: status ${response.status}: ${(await response.text()).slice(0, 1000)}`);
}

/** What `step` makes of the host's address while it is served. */
async function served(host, folder, step) {
  if (!host.start) {
    const { address, stop } = await serve(join(folder, "dist"));
    return step(address).finally(stop);
  }
  const port = String(await freePort());
  const address = `http://localhost:${port}/`;
  const stop = await started(folder, new URL(host.ready ?? "registry.msgpack", address), [...host.start, port]);
  const told = (error) => Promise.reject(new Error(`${error.message}\n${stop.said()}`));
  const steps = async () => {
    if (host.recovers) await failed(host, folder, address);
    return step(address);
  };
  return steps().catch(told).finally(stop);
}

function picture({ name }) {
  return join(build, "screens", `${name}.png`);
}

/** The row of a host; one that fails says why. */
async function row(host, right) {
  try {
    return judged(host, await tried(host), right);
  } catch (error) {
    return { host: host.name, version: "", error: error.message };
  }
}

const ALL = ["keyword", "hybrid", "block", "upsert"];
const PARTS = { mesh: ALL, minilm: ALL, pages: ["keyword", "hybrid"] };

function judged({ name, asks = "mesh", parts = PARTS[asks] }, { version, answers, problems, js, wasm, seconds }, right) {
  const same = (part) => answers.length > 0 && answers.every((answer) => isDeepStrictEqual(answer[part], right[asks][part]));
  const verdicts = Object.fromEntries(parts.map((part) => [part, same(part)]));
  const wrong = Object.values(verdicts).every(Boolean) ? undefined : `expected ${JSON.stringify(right[asks])}\ngot ${JSON.stringify(answers)}`;
  const error = wrong ?? (problems.length ? problems.join("\n") : undefined);
  return { host: name, version, js, wasm, ...verdicts, seconds, error };
}

const kilo = (bytes) => (bytes ? `${(bytes / 1000).toFixed(0)} kB` : "–");
const mark = (ok) => (ok === undefined ? "" : ok ? "yes" : "NO");

function print(rows) {
  const against = process.env.SKILLMESH_CLI ? "the native program" : "the package itself, as SKILLMESH_CLI names no program";
  console.log(`Answers are compared with those of ${against}.\n`);
  console.log("| host | version | JS, gzip | wasm, gzip | keyword | hybrid | emit | upsert | seconds |\n|---|---|---:|---:|---|---|---|---|---:|");
  for (const { host, version, js, wasm, keyword, hybrid, block, upsert, seconds, error } of rows) {
    const cells = [host, version, kilo(js), kilo(wasm), ...[keyword, hybrid, block, upsert].map(mark), seconds?.toFixed(0) ?? "–"];
    console.log(`| ${cells.join(" | ")} |${error ? " FAILED" : ""}`);
  }
}

async function main() {
  const unknown = names.find((name) => !hosts.some((host) => host.name === name));
  if (unknown) throw new Error(`there is no host ${unknown}; expected ${hosts.map((host) => host.name).join(", ")}`);
  await mkdir(join(build, "screens"), { recursive: true });
  const problems = [...(await checkContents(tarball, words.includes("--accept"))), ...(await checkDocs())];
  const chosen = hosts.filter(({ name }) => names.length === 0 || names.includes(name));
  const wants = (what) => chosen.some(({ asks }) => asks === what);
  const right = {
    mesh: await expected(snapshot, model),
    minilm: wants("minilm") && (await expected(await registryMade(), minilm)),
    pages: wants("pages") && (await expectedPages()),
  };
  const rows = [];
  for (const host of chosen) {
    rows.push(await row(host, right));
    const { error, seconds } = rows.at(-1);
    console.error(error ? `${host.name}: ${error}\n` : `${host.name}: ${seconds.toFixed(0)} s`);
  }
  problems.push(...(await checkFigures(join(build, "pkg/wasm"), rows)));
  if (words.includes("--keep")) console.error(leftovers.join("\n"));
  else await Promise.all(leftovers.map((folder) => rm(folder, { recursive: true, force: true })));
  print(rows);
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length || rows.some((row) => row.error) ? 1 : 0;
}

await main();
