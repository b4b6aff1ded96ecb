// What is timed of an embedder, in Node and in a page: from bytes to the first vector, and a text's vector once it is loaded.
import { embedder } from "../embedders.mjs";

const loaded = {};

/** Milliseconds from a model's bytes, which are there, to the first vector; compiling counts. */
export async function first({ runtime, bytes, sample }) {
  const adapter = await embedder(runtime);
  const start = performance.now();
  await adapter.embed(await adapter.load(bytes), sample);
  return performance.now() - start;
}

export async function open({ name, runtime, bytes }) {
  const adapter = await embedder(runtime);
  const model = await adapter.load(bytes);
  loaded[name] = (sample) => adapter.embed(model, sample);
}

/** Milliseconds for one text, which differs each time by its spaces: they cost nothing, and no cache of earlier texts can answer. */
export async function embed({ name, sample, turn }) {
  const spaced = { ...sample, text: " ".repeat(turn) + sample.text };
  const start = performance.now();
  await loaded[name](spaced);
  return performance.now() - start;
}
