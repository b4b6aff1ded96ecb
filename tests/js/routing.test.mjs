// Do the example queries find their experts, in each mode, and are those that no expert answers told apart?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { SkillMesh } from "skillmesh";

const registry = new URL("../../examples/registry/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("routing.json", import.meta.url)));
const cards = JSON.parse(readFileSync(new URL("tools.enriched.json", registry))).tools;
const lines = readFileSync(new URL("queries.jsonl", registry), "utf8").trim().split("\n");
const queries = lines.map((line) => JSON.parse(line));
const answerable = queries.filter(({ expert }) => expert);
const unanswerable = queries.filter(({ expert }) => !expert);

let mesh;
before(async () => {
  mesh = await SkillMesh.load(process.env.SKILLMESH_SNAPSHOT, { model: process.env.SKILLMESH_MODEL });
  await mesh.semanticReady;
});
after(() => mesh.free());

const share = (list, holds) => Number((list.filter(holds).length / list.length).toFixed(3));

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

/** Whether no hit is near enough in meaning to be an answer. */
async function refused({ text }) {
  const { hits } = await mesh.retrieve(text, { topK: 3 });
  return hits.every((hit) => hit.dense_score < golden.abstention.dense_score_below);
}

test("a floor under the similarity tells queries without an answer apart", async () => {
  const refusals = async (list) => share(await Promise.all(list.map(refused)), (is) => is);
  const { dense_score_below } = golden.abstention;
  const measured = { unanswerable_refused: await refusals(unanswerable), answerable_refused: await refusals(answerable) };
  assert.deepEqual({ dense_score_below, ...measured }, golden.abstention);
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
