// The main job: questions in plain words, the experts that answer them, and a block to hand to an agent.
// node main-job.mjs SNAPSHOT
import { SkillMesh } from "skillmesh";

const [snapshot] = process.argv.slice(2);
const questions = [
  "build matplotlib seaborn heatmap",
  "sklearn pipeline cross validation leakage safe",
  "count the coins in a photo of my desk",
  "my network is too slow on the GPU and forgets everything after a crash",
  "turn the quarterly numbers into something the board can flip through",
];

const seconds = (since) => `${(performance.now() - since).toFixed(1)} ms`;
const score = (value) => (value === null ? "   –  " : value.toFixed(3).padStart(6));

let start = performance.now();
const mesh = await SkillMesh.load(snapshot);
console.log(`keyword search ready after ${seconds(start)}: ${mesh.stats().cards} cards`);
await mesh.semanticReady;
console.log(`semantic search ready after ${seconds(start)}\n`);

for (const question of questions) {
  start = performance.now();
  const { hits, mode } = await mesh.retrieve(question, { topK: 3 });
  console.log(`“${question}”  (${mode}, ${seconds(start)})`);
  for (const hit of hits) {
    console.log(`  ${score(hit.score)}  sparse ${score(hit.sparse_score)}  dense ${score(hit.dense_score)}  ${hit.id}`);
  }
  console.log();
}

console.log(await mesh.emit("claude", questions[0], { topK: 1 }));
mesh.free();
