// Where does SkillMesh stand against JavaScript search engines and ONNX Runtime, over the same texts on this machine?
//
// The order of the parts, and nothing else: what a part measures stands in open.mjs, keyword.mjs and embedding.mjs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSkills } from "./corpus.mjs";
import { ORT, OURS } from "./embedders.mjs";
import { measureEmbedding } from "./embedding.mjs";
import { attempt, blame, enterAll } from "./entrants.mjs";
import { environment } from "./environment.mjs";
import { measureKeyword } from "./keyword.mjs";
import { FIRST_QUERY, measureOpen } from "./open.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { longQueries, shortQueries } from "./queries.mjs";
import { render } from "./report.mjs";
import { inScratch } from "./scratch.mjs";
import { targets } from "./targets.mjs";

const ROUNDS = { 1: 5, 20: 1 };

const say = (line) => process.stderr.write(`${line}\n`);

/** Saves one entrant's index; SkillMesh's is saved already. */
async function saveOne(report, { engine, host, folder }, scratch) {
  if (folder) return folder;
  const target = join(scratch, engine);
  const saved = await attempt(report, engine, "save", async () => (await host.call("save", { folder: target }), true));
  return saved ? target : undefined;
}

async function saveAll(report, entrants, scratch) {
  const folders = {};
  for (const entrant of entrants) {
    const folder = await saveOne(report, entrant, scratch);
    if (folder) folders[entrant.engine] = folder;
  }
  return folders;
}

/** An engine that answers otherwise once reopened has not restored its index: its opening time would mean nothing. */
async function compareAnswers(report, rows, entrants) {
  for (const { engine, host } of entrants) {
    const { ids } = await host.call("search", { query: FIRST_QUERY, k: 10 });
    const reopened = rows.find((row) => row.engine === engine)?.ids ?? ids;
    if (String(ids) !== String(reopened)) report.notes.push(`${engine}: answers differently after it is reopened`);
  }
}

async function openPart(report, entrants, scratch) {
  const folders = await saveAll(report, entrants, scratch);
  const rows = await attempt(report, "open", "measure", () => measureOpen(folders));
  if (rows) await compareAnswers(report, rows, entrants);
  return rows;
}

function querySets(report, { long }) {
  const texts = longQueries(long);
  if (texts.length) return { short: shortQueries, long: texts };
  report.notes.push(`long queries: skipped, no file at ${long ?? "--long"}`);
  return { short: shortQueries };
}

function blameEach(report, step, rows) {
  for (const { engine, error } of rows) if (error) blame(report, engine, step, error);
  return rows.map(({ error, ...row }) => row);
}

async function keywordPart(report, times, entrants, options) {
  const limits = { rounds: ROUNDS[times] ?? 1, budgetSeconds: options.budget };
  const hosts = entrants.map(({ host }) => host);
  const results = {};
  for (const [set, queries] of Object.entries(querySets(report, options))) {
    say(`keyword queries, ${set}, ${times}x`);
    results[set] = blameEach(report, `answer ${set} queries at ${times}x`, await measureKeyword(hosts, queries, limits));
  }
  return results;
}

async function sizePart(report, times, options, scratch) {
  say(`building, ${times}x`);
  const entrants = await enterAll(report, times, options, scratch);
  const present = entrants.filter(({ host }) => host);
  const ready = entrants.map(({ engine, ready }) => ({ engine, ready }));
  const size = { times, documents: times * readSkills(options.skills).length, ready };
  if (times === 1 && options.parts.includes("open")) size.open = await openPart(report, present, scratch);
  if (options.parts.includes("keyword")) size.keyword = await keywordPart(report, times, present, options);
  await Promise.all(present.map(({ host }) => host.stop()));
  report.sizes.push(size);
}

function embeddingFiles(report, { only, model, onnx }) {
  const files = { [OURS]: only === "peers" ? undefined : model, [ORT]: onnx };
  const given = Object.entries(files).filter(([, file]) => file);
  if (given.length < 2) report.notes.push("query embedding: not compared, it takes both --model and --onnx");
  return Object.fromEntries(given);
}

async function embeddingPart(report, options) {
  const files = embeddingFiles(report, options);
  const samples = JSON.parse(readFileSync(options.tokens, "utf8"));
  if (Object.keys(files).length === 0) return;
  say("query embedding");
  report.embedding = await attempt(report, "query embedding", "measure", () => measureEmbedding(files, samples));
}

async function measure(options, scratch) {
  const report = { environment: environment(), sizes: [], notes: [], failures: [] };
  if (options.parts.some((part) => part !== "embedding")) {
    for (const times of options.sizes) await sizePart(report, times, options, scratch);
  }
  if (options.parts.includes("embedding")) await embeddingPart(report, options);
  return { ...report, targets: options.only === "peers" ? [] : targets(report) };
}

function exitCode({ failures, targets }, { check }) {
  if (failures.length) return 2;
  return check && targets.some(({ met }) => !met) ? 1 : 0;
}

async function main(options) {
  const report = await inScratch((scratch) => measure(options, scratch));
  console.log(render(report));
  if (options.json) writeFileSync(options.json, JSON.stringify(report, null, 1));
  return exitCode(report, options);
}

/** A crash of the harness itself must not look like a missed target. */
function crashed(error) {
  say(error.stack);
  return 2;
}

function optionsOrUsage() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    say(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const options = optionsOrUsage();
if (options.help) console.log(USAGE);
// Worker threads and ONNX Runtime keep handles open: the run ends when its report is written.
process.exit(options.help ? 0 : await main(options).catch(crashed));
