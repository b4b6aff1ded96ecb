// Does the packed package work in every host, and answer as the native program does?
//   node tests/packaging/run.mjs [NAME...] [--keep] [--accept]
// `--keep` leaves the projects' folders; `--accept` takes the package's contents as golden.
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { ask, question } from "./ask.js";
import * as browse from "./browse.mjs";
import { checkContents } from "./contents.mjs";
import { checkDocs } from "./docs.mjs";
import { hosts } from "./hosts.mjs";
import { freePort, run, started } from "./process.mjs";
import { serve } from "./serve.mjs";
import { askTrusting, askWorker, writeDocuments } from "./worker.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const build = here("../../build");
const tarball = join(build, "skillmesh-0.1.0.tgz");
const snapshot = process.env.SKILLMESH_SNAPSHOT ?? join(build, "registry.msgpack");
const model = process.env.SKILLMESH_MODEL ?? join(build, "minilm.msgpack");
const npm = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
const leftovers = [];
const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith("--"));

/** The right answers: the native program's where it is given, else those of the package as it was built. */
async function expected() {
  if (process.env.SKILLMESH_CLI) return native(process.env.SKILLMESH_CLI);
  const { SkillMesh } = await import(join(build, "pkg/node.js"));
  return ask(await SkillMesh.load(snapshot, { model }));
}

function native(program) {
  const said = (command, query, ...options) =>
    execFileSync(program, [command, "--snapshot", snapshot, "--model", model, "--query", query, ...options], { encoding: "utf8" });
  const ids = (query, mode) => JSON.parse(said("retrieve", query, "--mode", mode, "--json")).hits.map((hit) => hit.id);
  const block = said("emit", question, "--provider", "claude", "--top-k", "1", "--mode", "hybrid");
  return { keyword: ids("seaborn heatmap", "sparse"), hybrid: ids(question, "hybrid"), block: block.trimEnd() };
}

/** Folders of projects by name and version, so that hosts which share a build build once. */
const folders = new Map();

/** A copy of the host's project with the package installed and built, with the snapshot and the model. */
function prepared(host) {
  const { name, project = name, other, dev } = host;
  const key = [project, other, dev].join(" ");
  if (!folders.has(key)) folders.set(key, copied(project, host.folder).then((folder) => made(host, folder)));
  return folders.get(key);
}

async function copied(project, from = `projects/${project}`) {
  const folder = await mkdtemp(join(await realpath(tmpdir()), `skillmesh-${project}-`));
  leftovers.push(folder);
  await cp(here(from), folder, { recursive: true, filter: (path) => !/\/(node_modules|assets|\.wrangler)$/.test(path) });
  await cp(here("ask.js"), join(folder, "ask.js"));
  return folder;
}

async function made({ tool, other, setup, dev, data = "." }, folder) {
  await run(folder, "npm", "install", ...npm, ...(other ? [tarball, `${tool}@${other}`] : [tarball]));
  if (setup) await run(folder, ...setup);
  if (data !== "dist") await giveData(join(folder, data));
  const { scripts } = JSON.parse(await readFile(join(folder, "package.json")));
  if (scripts.build && !dev) await run(folder, "npm", "run", "build");
  if (data === "dist") await giveData(join(folder, data));
  return folder;
}

async function giveData(folder) {
  await mkdir(folder, { recursive: true });
  await cp(await realpath(snapshot), join(folder, "registry.msgpack"));
  await cp(await realpath(model), join(folder, "minilm.msgpack"));
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
  async extension(host, folder) {
    return browse.extension(join(folder, "dist"), host.paths[0], picture(host));
  },
  /** Two requests at once: the second must not disturb the first, which still loads. */
  async response(host, folder) {
    const twice = [...host.paths, ...host.paths];
    const get = (address) => twice.map((path) => fetch(new URL(path, address)).then(answered));
    return served(host, folder, async (address) => ({ answers: await Promise.all(get(address)), problems: [] }));
  },
  /** The example, as it is and where it believes its callers; `npm run assets` takes its files from the environment. */
  async worker(host, folder) {
    const documents = join(folder, "documents");
    await writeDocuments(here("../../docs"), documents);
    const cli = process.env.SKILLMESH_CLI ?? join(build, "skillmesh");
    Object.assign(process.env, { SKILLMESH_DOCS: documents, SKILLMESH_CLI: cli, SKILLMESH_SNAPSHOT: snapshot, SKILLMESH_MODEL: model });
    await run(folder, "npm", "run", "assets");
    const seen = await served(host, folder, askWorker);
    const { problems } = await served({ ...host, start: host.trusting }, folder, askTrusting);
    return { ...seen, problems: [...seen.problems, ...problems] };
  },
};

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
  return step(address).catch(told).finally(stop);
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

function judged(host, { version, answers, problems, js, wasm, seconds }, right) {
  const same = (part) => answers.length > 0 && answers.every((answer) => isDeepStrictEqual(answer[part], right[part]));
  const [keyword, hybrid, emit] = ["keyword", "hybrid", "block"].map(same);
  const wrong = keyword && hybrid && emit ? undefined : `expected ${JSON.stringify(right)}\ngot ${JSON.stringify(answers)}`;
  const error = wrong ?? (problems.length ? problems.join("\n") : undefined);
  return { host: host.name, version, js, wasm, keyword, hybrid, emit, seconds, error };
}

const kilo = (bytes) => (bytes ? `${(bytes / 1000).toFixed(0)} kB` : "–");
const mark = (ok) => (ok ? "yes" : "NO");

function print(rows) {
  console.log("| host | version | JS, gzip | wasm, gzip | keyword | hybrid | emit | seconds |\n|---|---|---:|---:|---|---|---|---:|");
  for (const { host, version, js, wasm, keyword, hybrid, emit, seconds, error } of rows) {
    const cells = [host, version, kilo(js), kilo(wasm), mark(keyword), mark(hybrid), mark(emit), seconds?.toFixed(0) ?? "–"];
    console.log(`| ${cells.join(" | ")} |${error ? " FAILED" : ""}`);
  }
}

async function main() {
  const unknown = names.find((name) => !hosts.some((host) => host.name === name));
  if (unknown) throw new Error(`there is no host ${unknown}; expected ${hosts.map((host) => host.name).join(", ")}`);
  await mkdir(join(build, "screens"), { recursive: true });
  const problems = [...(await checkContents(tarball, words.includes("--accept"))), ...(await checkDocs())];
  const [right, rows] = [await expected(), []];
  for (const host of hosts.filter(({ name }) => names.length === 0 || names.includes(name))) {
    rows.push(await row(host, right));
    const { error, seconds } = rows.at(-1);
    console.error(error ? `${host.name}: ${error}\n` : `${host.name}: ${seconds.toFixed(0)} s`);
  }
  if (words.includes("--keep")) console.error(leftovers.join("\n"));
  else await Promise.all(leftovers.map((folder) => rm(folder, { recursive: true, force: true })));
  print(rows);
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length || rows.some((row) => row.error) ? 1 : 0;
}

await main();
