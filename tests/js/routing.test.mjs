// Do the example queries find their experts, in each mode, and are those that no expert answers told apart?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { SkillMesh } from "skillmesh";

const registry = new URL("../../examples/registry/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("routing.json", import.meta.url)));
const cards = JSON.parse(readFileSync(new URL("tools.enriched.json", registry))).tools;
const jsonLines = (url) => readFileSync(url, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const queries = jsonLines(new URL("queries.jsonl", registry));
const answerable = queries.filter(({ expert }) => expert);
const unanswerable = queries.filter(({ expert }) => !expert);

const build = new URL("../../build/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, build)));
/** By model: the snapshot that `build.sh` made with it, and what tuning told of that. */
const models = {
  minilm: { snapshot: "registry-minilm.msgpack", model: new URL("minilm.msgpack", build), tuning: read("tuning-minilm.json") },
  "skillmesh-mini": { snapshot: "registry.msgpack", model: "skillmesh-mini", tuning: read("tuning.json") },
};

before(async () => {
  for (const one of Object.values(models)) {
    one.mesh = await SkillMesh.load(new URL(one.snapshot, build), { model: one.model });
    await one.mesh.semanticReady;
  }
});
after(() => Object.values(models).forEach(({ mesh }) => mesh.free()));

const round = (figure) => Number(figure.toFixed(3));
const share = (list, holds) => round(list.filter(holds).length / list.length);

async function routing(mesh, mode) {
  const answers = [];
  for (const { text, expert } of answerable) {
    const { hits } = await mesh.retrieve(text, { mode, topK: 3 });
    answers.push({ expert, ids: hits.map((hit) => hit.id) });
  }
  return { top_1: share(answers, ({ expert, ids }) => ids[0] === expert), top_3: share(answers, ({ expert, ids }) => ids.includes(expert)) };
}

for (const [name, one] of Object.entries(models)) {
  test(`the queries find their experts as often as the golden file says, by ${name}`, async () => {
    const measured = {};
    for (const mode of ["sparse", "dense", "hybrid"]) measured[mode] = await routing(one.mesh, mode);
    assert.deepEqual(measured, golden[name].routing);
  });

  test(`queries without an answer are refused, and few others, in this package as on held-out queries, by ${name}`, async () => {
    const refused = async ({ text }) => (await one.mesh.retrieve(text, { minConfidence: "medium" })).reason === "low-confidence";
    const refusals = async (list) => share(await Promise.all(list.map(refused)), (is) => is);
    const { confidence, weights: { before, train, held_out } } = one.tuning;
    const [, found] = confidence.find(([mode]) => mode === "hybrid");
    const measured = {
      fitted: { unanswerable_low: await refusals(unanswerable), answerable_low: await refusals(answerable) },
      held_out: { unanswerable_low: found.unanswerable_low, answerable_low: round(found.answerable_low), error: round(found.error) },
    };
    assert.deepEqual(measured, golden[name].confidence);
    assert.deepEqual({ before: round(before), train: round(train), held_out: round(held_out) }, golden[name].weights);
    assert.ok(measured.held_out.error <= 0.1);
  });
}

test("the package's model finds nine in ten, as the larger one does", () => {
  const [larger, own] = Object.keys(models).map((name) => golden[name].routing.hybrid);
  assert.ok(larger.top_1 >= 0.9 && larger.top_3 >= 0.98);
  assert.ok(own.top_1 >= larger.top_1 && own.top_3 >= 0.97);
});

test("the larger model refuses nine in ten of those that nobody answers", () => {
  const { confidence } = golden.minilm;
  for (const { unanswerable_low, answerable_low } of Object.values(confidence)) assert.ok(unanswerable_low >= 0.9 && answerable_low <= 0.05);
});

test("misspelt, half-typed, pasted and quoted words find their experts", async () => {
  const measured = {};
  for (const set of ["typo", "prefix", "identifier", "phrase"]) {
    const answers = [];
    for (const { text, expert } of jsonLines(new URL(`../robust/${set}.jsonl`, import.meta.url))) {
      const { hits } = await models.minilm.mesh.retrieve(text, { syntax: set === "phrase" });
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
