// How long from a query's text to its vector?
import { readFileSync } from "node:fs";
import { embedder, ORT, OURS } from "./embedders.mjs";
import { interleave, runCold } from "./rounds.mjs";

const WARM_UP_ROUNDS = 3;
const ROUNDS = 20;
const COLD_ROUNDS = 3;

/** An embedder with its model loaded: `embed` is all that is left to time. */
async function ready(name, file) {
  const adapter = await embedder(name);
  const loaded = await adapter.load(new Uint8Array(readFileSync(file)));
  return (sample) => adapter.embed(loaded, sample);
}

async function timed(embed, sample) {
  const start = performance.now();
  await embed(sample);
  return performance.now() - start;
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Do both runtimes compute the same vector? Times of different work would compare nothing. */
async function agreement(embedders, sample) {
  if (!embedders[OURS] || !embedders[ORT]) return undefined;
  return dot(await embedders[OURS](sample), await embedders[ORT](sample));
}

/** The same tokens in another text each time: spaces cost nothing, and no cache of earlier texts can answer. */
const spaced = (sample, times) => ({ ...sample, text: " ".repeat(times) + sample.text });

async function measureSample(embedders, sample) {
  const names = Object.keys(embedders);
  const cosine = await agreement(embedders, sample);
  let turns = 0;
  const turn = (name) => timed(embedders[name], spaced(sample, ++turns));
  await interleave(names, WARM_UP_ROUNDS, turn);
  return { tokens: sample.ids.length, cosine, samples: await interleave(names, ROUNDS, turn) };
}

/** `files`: embedder name → its model file. Loading is timed in processes of its own, so that compiling counts. */
export async function measureEmbedding(files, samples) {
  const load = await interleave(Object.keys(files), COLD_ROUNDS, (name) =>
    runCold("embedder", name, files[name], JSON.stringify(samples[0])));
  const embedders = {};
  for (const name of Object.keys(files)) embedders[name] = await ready(name, files[name]);
  const lengths = [];
  for (const sample of samples) lengths.push(await measureSample(embedders, sample));
  return { load, lengths };
}
