// Do the example queries find their experts, in each mode, and are those that no expert answers told apart?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { SkillMesh } from "skillmesh";

const registry = new URL("../../examples/registry/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("routing.json", import.meta.url)));
const cards = JSON.parse(readFileSync(new URL("tools.enriched.json", registry))).tools;
const tuning = JSON.parse(readFileSync(process.env.SKILLMESH_TUNING));
const jsonLines = (url) => readFileSync(url, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const queries = jsonLines(new URL("queries.jsonl", registry));
const answerable = queries.filter(({ expert }) => expert);
const unanswerable = queries.filter(({ expert }) => !expert);

let mesh;
before(async () => {
  mesh = await SkillMesh.load(process.env.SKILLMESH_SNAPSHOT, { model: process.env.SKILLMESH_MODEL });
  await mesh.semanticReady;
});
after(() => mesh.free());

const round = (figure) => Number(figure.toFixed(3));
const share = (list, holds) => round(list.filter(holds).length / list.length);

async function routing(mode) {
  const answers = [];
  for (const { text, expert } of answerable) {
    const { hits } = await mesh.retrieve(text, { mode, topK: 3 });
    answers.push({ expert, ids: hits.map((hit) => hit.id) });
  }
  return { top_1: share(answers, ({ expert, ids }) => ids[0] === expert), top_3: share(answers, ({ expert, ids }) => ids.includes(expert)) };
}

test("the queries find their experts as often as the golden file says", async () => {
  const measured = {};
  for (const mode of ["sparse", "dense", "hybrid"]) measured[mode] = await routing(mode);
  assert.deepEqual(measured, golden.routing);
  assert.ok(measured.hybrid.top_1 >= 0.9 && measured.hybrid.top_3 >= 0.98);
});

test("queries without an answer are refused, and few others, in this package as on held-out queries", async () => {
  const refused = async ({ text }) => (await mesh.retrieve(text, { minConfidence: "medium" })).reason === "low-confidence";
  const refusals = async (list) => share(await Promise.all(list.map(refused)), (is) => is);
  const [, found] = tuning.confidence.find(([mode]) => mode === "hybrid");
  const measured = {
    fitted: { unanswerable_low: await refusals(unanswerable), answerable_low: await refusals(answerable) },
    held_out: { unanswerable_low: found.unanswerable_low, answerable_low: round(found.answerable_low), error: round(found.error) },
  };
  assert.deepEqual(measured, golden.confidence);
  const { before, train, held_out } = tuning.weights;
  assert.deepEqual({ before: round(before), train: round(train), held_out: round(held_out) }, golden.weights);
  for (const { unanswerable_low, answerable_low } of Object.values(measured)) {
    assert.ok(unanswerable_low >= 0.9 && answerable_low <= 0.05);
  }
  assert.ok(measured.held_out.error <= 0.1);
});

test("misspelt, half-typed, pasted and quoted words find their experts", async () => {
  const measured = {};
  for (const set of ["typo", "prefix", "identifier", "phrase"]) {
    const answers = [];
    for (const { text, expert } of jsonLines(new URL(`../robust/${set}.jsonl`, import.meta.url))) {
      const { hits } = await mesh.retrieve(text, { syntax: set === "phrase" });
      answers.push(hits.some((hit) => hit.id === expert));
    }
    measured[set] = share(answers, (is) => is);
  }
  assert.deepEqual(measured, golden.robust);
  assert.ok(Object.values(measured).every((top3) => top3 >= 0.95));
});

const small = ["with", "from", "into", "that"];
const words = (text) => text.toLowerCase().match(/[a-z0-9]+/g).filter((word) => word.length > 3 && !small.includes(word));

test("every expert has four queries, in words that its title does not have", () => {
  assert.equal(unanswerable.length, 40);
  for (const { id, title } of cards) {
    const own = answerable.filter(({ expert }) => expert === id);
    assert.ok(own.length >= 4, id);
    for (const { text } of own) assert.deepEqual(words(text).filter((word) => words(title).includes(word)), [], text);
  }
});
