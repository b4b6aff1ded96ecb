// What do shards cost and save? How much of a corpus a query reads that finds it in shards, and how much of what the whole finds it finds.
//
//   node bench/shards.mjs --sets DIR --cli build/skillmesh --model minilm.msgpack [--only sealtools] [--shards 16,64] [--at-most 1,2,4,8]
//
// Every query is asked of a mesh that has read nothing but the root, so that the bytes are those of a first visit.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Embedder, SkillMesh } from "skillmesh";
import { openCli } from "./relevance/cli.mjs";
import { readSets } from "./relevance/sets.mjs";
import { inScratch } from "./scratch.mjs";
import { median, quantile } from "./stats.mjs";

const TOP = 10;
const USAGE = "usage: node bench/shards.mjs --sets DIR --cli FILE --model FILE [--only LIST] [--shards LIST] [--at-most LIST] [--mode MODE] [--json FILE]";

const text = (fallback) => ({ type: "string", default: fallback });
const known = { sets: text(), cli: text(), model: text(), only: text("sealtools"), shards: text("16,64"), "at-most": text("1,2,4,8"), mode: text("hybrid"), json: text() };
const { values } = parseArgs({ options: known });
if (!values.sets || !values.cli || !values.model) {
  console.error(USAGE);
  process.exit(2);
}
const numbers = (list) => list.split(",").map(Number);
const { mode } = values;

/** The vectors of a query's parts, one after the other, as the package embeds them. */
function vectorOf(mesh, embedder, query) {
  const vectors = mesh.queryParts(query).map((part) => embedder.embed(part));
  return Float32Array.from(vectors.flatMap((vector) => [...vector]));
}

/** What a mesh answers to every query: `{ id, ids }`. */
async function answered(mesh, queries) {
  const answers = [];
  for (const { id, text, vector } of queries) {
    const { hits } = await mesh.retrieve(text, { topK: TOP, mode, vector });
    answers.push({ id, ids: hits.map((hit) => hit.id) });
  }
  return answers;
}

/** The same, each of a fresh mesh over shards, and how many bytes of them it read. */
async function fromShards(root, atMost, queries) {
  const [bytes, answers, read] = [readFileSync(root), [], []];
  for (const query of queries) {
    let count = 0;
    const from = (file) => {
      count += statSync(join(dirname(root), file)).size;
      return readFileSync(join(dirname(root), file));
    };
    const mesh = await SkillMesh.load(bytes, { model: null, shards: { from, atMost } });
    answers.push(...(await answered(mesh, [query])));
    read.push(count);
    mesh.free();
  }
  return { answers, read };
}

/** The share of the whole's best that shards found too, and of queries with the same first. */
function overlap(whole, shards) {
  const share = (i, top) => whole[i].ids.slice(0, top).filter((id) => shards[i].ids.slice(0, top).includes(id)).length / Math.max(1, whole[i].ids.slice(0, top).length);
  const mean = (top) => whole.reduce((sum, _, i) => sum + share(i, top), 0) / whole.length;
  return { first: mean(1), best: mean(TOP) };
}

async function measureSet(set, cli, embedder) {
  const snapshot = cli.build(set);
  const mesh = await SkillMesh.load(snapshot, { model: null });
  const queries = set.queries.map((query) => ({ ...query, vector: vectorOf(mesh, embedder, query.text) }));
  const [whole, size] = [await answered(mesh, queries), statSync(snapshot).size];
  const ndcg = (answers) => cli.judge(set, answers)["ndcg@10"].mean;
  const rows = [];
  for (const count of numbers(values.shards)) {
    const root = cli.build(set, "--shards", String(count));
    for (const atMost of numbers(values["at-most"])) {
      const { answers, read } = await fromShards(root, atMost, queries);
      rows.push({ count, atMost, root: statSync(root).size, read: median(read), most: quantile(read, 1), ndcg: ndcg(answers), ...overlap(whole, answers) });
    }
  }
  return { name: set.name, cards: set.docs.length, size, ndcg: ndcg(whole), rows };
}

const kilobytes = (bytes) => `${Math.round(bytes / 1000).toLocaleString("en")} kB`;
const percent = (share) => `${(100 * share).toFixed(1)} %`;

function render({ name, cards, size, ndcg, rows }) {
  const head = `\n${name}: ${cards} cards, ${kilobytes(size)} in one snapshot, nDCG@10 ${ndcg.toFixed(4)} (${mode})\n`;
  const table = "| shards | read | root | a query reads, median | largest | with the root, of the whole | nDCG@10 | same first | same ten |\n|---|---|---|---|---|---|---|---|---|";
  const row = (r) => [r.count, r.atMost, kilobytes(r.root), kilobytes(r.read), kilobytes(r.most), percent((r.root + r.read) / size), r.ndcg.toFixed(4), percent(r.first), percent(r.best)];
  return [head, table, ...rows.map((r) => `| ${row(r).join(" | ")} |`)].join("\n");
}

const measured = await inScratch(async (scratch) => {
  const [cli, embedder, sets] = [openCli(values, scratch), await Embedder.load(values.model), []];
  for (const set of readSets(values.sets, values.only.split(","))) {
    sets.push(await measureSet(set, cli, embedder));
    console.log(render(sets.at(-1)));
  }
  return sets;
});
if (values.json) writeFileSync(values.json, JSON.stringify(measured, null, 1));
