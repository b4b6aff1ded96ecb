// What does a model cost? From its bytes to the first vector, a query's vector, and what a process holds with a snapshot.
//   node model.mjs --mini FILE --minilm FILE --onnx FILE --snapshot FILE [--json FILE] [--check]
// `--onnx` is MiniLM for onnxruntime-web, which is the peer; all run one thread. `--check` exits with 1 where a target is missed.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ORT, OURS } from "./embedders.mjs";
import { environment } from "./environment.mjs";
import * as node from "./model/node.mjs";
import { browser } from "./model/page.mjs";
import { interleave } from "./rounds.mjs";
import { median, ratio } from "./stats.mjs";

const TOKENS = 17;
const COLD_ROUNDS = 5;
const WARM_UP_ROUNDS = 5;
const ROUNDS = 40;
const PEER = "MiniLM, onnxruntime-web";
const MINI = "skillmesh-mini";
/** At most this share of the peer's time, and this many megabytes. */
const TARGETS = { first: 1 / 6, query: 1 / 3, held: 120 };

const text = { type: "string" };
const { values: given } = parseArgs({ options: { mini: text, minilm: text, onnx: text, snapshot: text, json: text, check: { type: "boolean" } } });
const entrants = {
  [MINI]: { runtime: OURS, file: resolve(given.mini) },
  MiniLM: { runtime: OURS, file: resolve(given.minilm) },
  [PEER]: { runtime: ORT, file: resolve(given.onnx) },
};
const names = Object.keys(entrants);
const sample = JSON.parse(readFileSync(new URL("./tokens.json", import.meta.url))).find(({ ids }) => ids.length === TOKENS);

/** What `use` makes of a host that is new. */
async function afresh(start, use) {
  const host = await start();
  return use(host).finally(() => host.close());
}

/** Each in a process or page that has loaded nothing before, then all in one side by side. */
async function measured({ start, version }) {
  const first = await interleave(names, COLD_ROUNDS, (name) => afresh(start, ({ step }) => step("first", { ...entrants[name], sample })));
  const query = await afresh(start, async ({ step }) => {
    for (const name of names) await step("open", { name, ...entrants[name] });
    let turn = 0;
    const once = (name) => step("embed", { name, sample, turn: ++turn });
    await interleave(names, WARM_UP_ROUNDS, once);
    return interleave(names, ROUNDS, once);
  });
  return { version, first, query };
}

function print(host, { version, first, query }) {
  console.log(`\n${host} ${version}\n\n| ms, median | first vector | share | ${TOKENS} tokens | share |\n|---|---:|---:|---:|---:|`);
  for (const name of names) {
    const cells = [first, query].flatMap((samples) => [median(samples[name]).toFixed(1), ratio(samples[name], samples[PEER]).toFixed(3)]);
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}

const chromium = await browser();
const hosts = { Node: await measured({ start: node.start, version: process.versions.node }), Chromium: await measured(chromium) };
await chromium.end();
const held = await afresh(node.start, ({ step }) => step("held", { snapshot: resolve(given.snapshot) }));
for (const [host, found] of Object.entries(hosts)) print(host, found);
console.log(`\nNode holds ${held.toFixed(1)} MB with the snapshot and ${MINI} open.`);
const missed = Object.entries(hosts).flatMap(([host, found]) =>
  ["first", "query"].filter((what) => ratio(found[what][MINI], found[what][PEER]) > TARGETS[what]).map((what) => `${host}: ${what}: more than ${TARGETS[what].toFixed(3)} of ${PEER}`));
if (held > TARGETS.held) missed.push(`Node holds more than ${TARGETS.held} MB`);
for (const target of missed) console.log(`missed: ${target}`);
if (given.json) writeFileSync(given.json, JSON.stringify({ environment: environment(), hosts, held }));
process.exitCode = given.check && missed.length > 0 ? 1 : 0;
