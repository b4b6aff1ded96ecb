// How near are questions that mean the same, and questions that do not? What the thresholds of docs/routing.md are chosen by.
//   node bench/closeness.mjs [--model FILE] [--queries FILE.jsonl]
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Embedder } from "skillmesh";

const text = { type: "string" };
const { values: given } = parseArgs({ options: { model: text, queries: text } });
const registry = fileURLToPath(new URL("../examples/registry/queries.jsonl", import.meta.url));
const PAIRS = [
  ["start the server", "stop the server"],
  ["deploy to staging", "deploy to production"],
  ["encrypt the file", "decrypt the file"],
  ["resize the image to 100px", "resize the image to 200px"],
  ["draw a heat map of sales", "plot a heatmap of our sales"],
  ["Fix bug", "Fix the bug"],
  ["convert csv to json", "convert json to csv"],
];

const model = await Embedder.load(given.model ?? "skillmesh-mini");
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The greatest cosine of two questions that have different experts, and how many such pairs there are. */
function strangers(file) {
  const asked = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const vectors = asked.map((query) => model.embed(query.text));
  const pairs = asked.flatMap((one, i) => asked.slice(0, i).flatMap((other, j) => (one.expert === other.expert ? [] : [dot(vectors[i], vectors[j])])));
  return { most: Math.max(...pairs), count: pairs.length };
}

const { most, count } = strangers(given.queries ?? registry);
console.log(`${model.name}\n\n| | cosine |\n|---|---:|`);
console.log(`| the nearest of ${count.toLocaleString("en")} pairs of questions that have different experts | ${most.toFixed(3)} |`);
for (const [one, other] of PAIRS) console.log(`| ${one}, ${other} | ${dot(model.embed(one), model.embed(other)).toFixed(3)} |`);
