// What do routing, learning and changing cost? One process, one snapshot with vectors; times are medians in milliseconds.
//
//   node bench/routing.mjs --snapshot build/skills.msgpack --model models/skillmesh-mini.msgpack [--json]
//
// Fails where a cached route is less than 100 times as fast as a hybrid query, 100,000 outcomes outgrow their bound, or 1,000 changes
// that nobody asks about in between cost as much as 20 that somebody does.
import { parseArgs } from "node:util";
import { SkillMesh } from "skillmesh";
import { median } from "./stats.mjs";

const LEAST_RATIO = 100;
const MOST_UPSERTS = 20;
const MOST_STATE_BYTES = 2_000_000;
const OUTCOMES = 100_000;
const TASKS = ["merge two pdf files and sign them", "deploy a worker to the edge", "find slow queries in a database", "draw a map of sales by country"];

const { values: options } = parseArgs({
  options: { snapshot: { type: "string" }, model: { type: "string" }, json: { type: "boolean" } },
});
if (!options.snapshot || !options.model) throw new Error("name a snapshot with vectors and its model: --snapshot FILE --model FILE");

async function timed(rounds, step) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await step(round);
    times.push(performance.now() - began);
  }
  return median(times);
}

const mesh = await SkillMesh.load(options.snapshot, { model: options.model });
await mesh.semanticReady;
const task = (round) => TASKS[round % TASKS.length];
const spaced = (round) => `${task(round)}${" ".repeat(Math.floor(round / TASKS.length) + 1)}`;
await timed(8, (round) => mesh.retrieve(spaced(round), { mode: "hybrid" }));

const figures = { hybrid_query: await timed(40, (round) => mesh.retrieve(spaced(round), { mode: "hybrid" })) };
figures.route = await timed(40, (round) => (mesh.clearCache(), mesh.route(spaced(round))));
for (const known of TASKS) await mesh.route(known);
figures.route_found_by_words = await timed(2000, (round) => mesh.route(task(round)));
figures.route_found_by_meaning = await timed(12, (round) => mesh.route(task(round) + [".", "!", " ;"][Math.floor(round / TASKS.length)]));
figures.found_by_meaning = mesh.cacheStats().semantic_hits;

const vector = new Float32Array(mesh.stats().model.dimensions).map((_, i) => Math.sin(i));
const ids = mesh.cards().map((card) => card.id);
const began = performance.now();
for (let n = 0; n < OUTCOMES; n++) {
  await mesh.recordOutcome({ query: `question ${n % 5000}`, vector: vector.map((v) => v + Math.sin(n % 5000)), skill: ids[n % 37], success: n % 3 > 0, now: n });
}
figures.outcome = (performance.now() - began) / OUTCOMES;
figures.state_bytes = mesh.exportState().length;
const asked = { mode: "sparse", vector, now: OUTCOMES };
const plain = await timed(400, (round) => mesh.retrieve(spaced(round), { mode: "hybrid", vector }));
figures.boost = (await timed(400, (round) => mesh.retrieve(spaced(round), { ...asked, mode: "hybrid", feedback: true }))) - plain;

const card = (n) => ({ id: `new.${n}`, title: `New skill ${n}`, description: `does thing ${n}` });
const keywords = await SkillMesh.load(options.snapshot, { model: null });
const found = (n) => keywords.retrieve(`new skill ${n}`, { mode: "sparse" });
figures.upsert_until_found = await timed(7, async (n) => (await keywords.upsert([card(n)]), found(n)));
figures.thousand_upserts_until_found = await timed(3, async () => {
  for (let n = 0; n < 1000; n++) await keywords.upsert([card(n)]);
  await found(999);
});

const ratio = figures.hybrid_query / figures.route_found_by_words;
const rows = Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]);
if (options.json) console.log(JSON.stringify({ skills: ids.length, ...Object.fromEntries(rows), ratio }));
else {
  console.log(`${ids.length} skills`);
  rows.forEach(([name, value]) => console.log(`${name.padEnd(30)} ${value}`));
  console.log(`a route found by its words is ${ratio.toFixed(0)} times as fast as a hybrid query`);
}
const isCompiledOnce = figures.thousand_upserts_until_found < MOST_UPSERTS * figures.upsert_until_found;
if (ratio < LEAST_RATIO || !isCompiledOnce || figures.state_bytes > MOST_STATE_BYTES) process.exit(1);
