// How much memory do a Worker and a page hold, and does it grow with the queries?
//   node memory.mjs --snapshot FILE [--snapshot FILE] --model FILE --queries FILE.jsonl [--count 10000]
//     [--hosts workerd,chromium] [--json FILE]
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { environment } from "./environment.mjs";
import * as chromium from "./memory/chromium.mjs";
import * as workerd from "./memory/workerd.mjs";

const GROWTH = 0.05; // of what is held, in the second half of the queries
const BATCH = 100;
const CPU_QUERIES = 500;
const opened = { workerd, chromium };

const { values: options } = parseArgs({ options: {
  snapshot: { type: "string", multiple: true }, model: { type: "string" }, queries: { type: "string" }, json: { type: "string" },
  count: { type: "string", default: "10000" }, hosts: { type: "string", default: "workerd,chromium" },
} });
const count = Number(options.count);
const texts = (await readFile(options.queries, "utf8")).trim().split("\n").map((line) => JSON.parse(line)).map(({ text, query }) => text ?? query);

/** What is held now: wasm memories, the script's heap after collecting garbage, buffers beside it, and the whole process. */
async function held(host, when) {
  const wasm = (await host.step("wasm")).reduce((sum, bytes) => sum + bytes, 0);
  const { usedSize, backingStorageSize } = await host.heap();
  return { when, wasm, heap: usedSize, buffers: backingStorageSize ?? 0, process: await host.resident() };
}

async function ask(host, from, to) {
  for (let at = from; at < to; at += BATCH) await host.step("ask", { from: at, count: Math.min(BATCH, to - at) });
}

/** Milliseconds of processor for one query of a kind, each a request of its own, seen from outside. */
async function cpuOf(host, kind, times) {
  await host.step("ask", { from: 0, count: times, kind });
  const before = await host.cpu();
  for (let i = 0; i < times; i++) await host.step("ask", { from: i + times, count: 1, kind });
  const idle = await host.cpu();
  for (let i = 0; i < times; i++) await host.step("empty");
  return (idle - before - ((await host.cpu()) - idle)) / times;
}

/** Everything about one snapshot in one host. */
async function measured(name, snapshot) {
  const host = await opened[name].open({ snapshot, model: options.model });
  try {
    await host.step("empty");
    const rows = [await held(host, "nothing yet")];
    const step = async (when, work) => (await work(), rows.push(await held(host, when)));
    await step("snapshot", () => host.step("snapshot", { texts }));
    await step("1,000 keyword queries", () => host.step("ask", { from: 0, count: 1000, kind: "keyword" }));
    const cpu = { keyword: await cpuOf(host, "keyword", CPU_QUERIES), read: await cpuOf(host, "read", CPU_QUERIES) };
    await step("model", () => host.step("model"));
    await step("20 hybrid queries", () => host.step("ask", { from: 0, count: 20, kind: "hybrid" }));
    cpu.hybrid = await cpuOf(host, "hybrid", CPU_QUERIES / 10);
    await step(`${(count / 2).toLocaleString("en")} queries`, () => ask(host, 0, count / 2));
    await step(`${count.toLocaleString("en")} queries`, () => ask(host, count / 2, count));
    return { host: name, version: host.version, snapshot: basename(snapshot), rows, cpu };
  } finally {
    await host.close();
  }
}

/** What grew in the second half by more than it may. */
function grown({ rows }) {
  const [half, whole] = rows.slice(-2);
  const growth = (name) => whole[name] / half[name] - 1;
  return ["wasm", "heap", "process"].filter((name) => growth(name) > GROWTH).map((name) => `${name} by ${(growth(name) * 100).toFixed(1)} %`);
}

function print(result) {
  const mega = (bytes) => (bytes / 1e6).toFixed(1);
  console.log(`\n${result.host} ${result.version}, ${result.snapshot}\n`);
  console.log("| MB after | wasm | heap | buffers | together | process |\n|---|---:|---:|---:|---:|---:|");
  for (const { when, wasm, heap, buffers, process } of result.rows) {
    console.log(`| ${[when, ...[wasm, heap, buffers, wasm + heap + buffers, process].map(mega)].join(" | ")} |`);
  }
  const [keyword, read, hybrid] = [result.cpu.keyword, result.cpu.read, result.cpu.hybrid].map((ms) => `${ms.toFixed(1)} ms`);
  console.log(`\nprocessor for a query: keyword ${keyword}, with snippets and explanations ${read}, hybrid ${hybrid}`);
  console.log(grown(result).length ? `GROWS: ${grown(result).join(", ")}` : "flat");
}

const results = [];
for (const name of options.hosts.split(",")) {
  for (const snapshot of options.snapshot) {
    results.push(await measured(name, snapshot));
    print(results.at(-1));
  }
}
const hybrid = Math.ceil(count / 20);
console.log(`\nof ${count} queries ${hybrid} were hybrid, ${hybrid} made blocks, and the others read snippets and explanations of keyword hits`);
console.log(JSON.stringify(environment(["skillmesh", "miniflare", "workerd", "playwright-core"])));
if (options.json) await writeFile(options.json, JSON.stringify(results, null, 2));
process.exitCode = results.some((result) => grown(result).length) ? 1 : 0;
