// What is done away from the page? The model's download and sums, and indexing: all that would hold up typing.

import { Embedder, SkillMesh } from "skillmesh";

let embedder;

async function load(id, { model }) {
  embedder ??= await Embedder.load(await download(model, (loaded) => postMessage({ id, loaded })));
  return { fingerprint: embedder.fingerprint };
}

/** The model's bytes, telling how many have come. */
async function download(address, tell) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`expected status 200, got ${response.status}`);
  const pieces = [];
  let loaded = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces).arrayBuffer();
    pieces.push(value);
    tell((loaded += value.length));
  }
}

function embed(_, { parts }) {
  const vectors = parts.map((part) => embedder.embed(part));
  const all = new Float32Array(vectors.length * vectors[0].length);
  vectors.forEach((vector, i) => all.set(vector, i * vector.length));
  return all;
}

/** A snapshot of files, with vectors where the model is at hand, and what was found in them. */
async function build(_, { files, byMeaning }) {
  const { mesh, findings, embedded } = await SkillMesh.build(files, byMeaning ? { model: embedder } : {});
  try {
    await embedded;
    return { snapshot: mesh.snapshot(), findings };
  } finally {
    mesh.free();
  }
}

const calls = { load, embed, build };

addEventListener("message", async ({ data: { id, call, ...given } }) => {
  try {
    postMessage({ id, result: await calls[call](id, given) });
  } catch (error) {
    postMessage({ id, error: { message: error.message, code: error.code, findings: error.findings } });
  }
});
