// What does it cost to start from nothing and to ask? A worker of its own per run: what it loads, it loads for the first time.

import { Embedder, SkillMesh, init } from "skillmesh";

/** How often a query by keywords is repeated: clocks in browsers are coarse. */
const TIMES = 20;

const timed = async (step) => {
  const since = performance.now();
  const result = await step();
  return { result, took: performance.now() - since };
};

async function fetched(name, address, anew) {
  const { result, took } = await timed(async () => (await fetch(address, { cache: anew ? "reload" : "default" })).arrayBuffer());
  const [entry] = performance.getEntriesByName(address).slice(-1);
  const { transferSize = null, encodedBodySize = null } = entry ?? {};
  postMessage({ file: { name, transferred: transferSize, encoded: encodedBodySize, bytes: result.byteLength, took } });
  return result;
}

const step = (name, took) => postMessage({ step: { name, took } });

async function compiled(name, bytes) {
  const { result, took } = await timed(() => WebAssembly.compile(bytes));
  step(`${name} compiled`, took);
  return result;
}

/** Keywords: from the first byte that is asked for to the first answer. */
async function byWords({ files, questions, anew }) {
  const since = performance.now();
  const [code, snapshot] = await Promise.all([fetched("retriever (wasm)", files.core, anew), fetched("snapshot", files.snapshot, anew)]);
  init({ core: await compiled("retriever", code) });
  const { result: mesh, took } = await timed(() => SkillMesh.load(snapshot));
  step("snapshot opened", took);
  await mesh.retrieve(questions[0], { mode: "sparse" });
  step("first answer by keywords, from nothing", performance.now() - since);
  postMessage({ queries: { name: "keywords", times: await timesOf(questions, TIMES, (query) => mesh.retrieve(query, { mode: "sparse" })) } });
  return mesh;
}

/** Meaning: the same for a hybrid answer. */
async function byMeaning(mesh, { files, questions, anew }) {
  const since = performance.now();
  const needed = [["embedder (wasm)", files.embed], ["model", files.model], ["snapshot with vectors", files.vectors]];
  const [code, model, vectors] = await Promise.all(needed.map(([name, address]) => fetched(name, address, anew)));
  init({ embed: await compiled("embedder", code) });
  const { result: embedder, took } = await timed(() => Embedder.load(model));
  step("model opened", took);
  await mesh.reload(vectors, { model: embedder });
  const ask = (query) => mesh.retrieve(query, { mode: "hybrid" });
  await ask(questions.at(-1)); // not the first again: what was embedded last is known
  step("first answer by keywords and meaning, after that", performance.now() - since);
  postMessage({ queries: { name: "keywords and meaning", times: await timesOf(questions, 1, ask) } });
}

/** Milliseconds of each question, by the mean of some times. */
async function timesOf(questions, times, ask) {
  const found = [];
  for (const question of questions) {
    const { took } = await timed(async () => {
      for (let i = 0; i < times; i++) await ask(question);
    });
    found.push(took / times);
  }
  return found;
}

async function memory() {
  const used = performance.memory?.usedJSHeapSize;
  return { heap: used ?? null };
}

addEventListener("message", async ({ data }) => {
  try {
    const mesh = await byWords(data);
    if (data.withModel) await byMeaning(mesh, data);
    postMessage({ done: await memory() });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
