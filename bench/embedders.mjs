// How does each runtime turn one text into one vector?
//
// SkillMesh gets the text and does all of the work; onnxruntime-web gets the token ids of the reference tokenizer, so its
// time holds no tokenising. Both end in a mean-pooled vector of length 1, which lets `embedding.mjs` see that they agree.
export const OURS = "SkillMesh";
export const ORT = "onnxruntime-web";

const ours = ({ Embedder }) => ({
  load: (bytes) => Embedder.load(bytes),
  embed: (embedder, { text }) => embedder.embed(text),
});

const column = (ort, values) => new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);

function feeds(ort, ids) {
  return {
    input_ids: column(ort, ids),
    attention_mask: column(ort, ids.map(() => 1)),
    token_type_ids: column(ort, ids.map(() => 0)),
  };
}

function meanPool({ data, dims: [, tokens, width] }) {
  const sum = new Float32Array(width);
  for (let i = 0; i < tokens * width; i++) sum[i % width] += data[i];
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

function onnxruntime(ort) {
  Object.assign(ort.env.wasm, { numThreads: 1, simd: true });
  return {
    load: (bytes) => ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], graphOptimizationLevel: "all" }),
    embed: async (session, { ids }) => meanPool((await session.run(feeds(ort, ids))).last_hidden_state),
  };
}

export async function embedder(name) {
  return name === OURS ? ours(await import("skillmesh")) : onnxruntime(await import("onnxruntime-web"));
}
