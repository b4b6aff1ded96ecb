// A model that is shaped like a published BERT encoder and small enough to make: what hubs have, by file name.

import { safetensors } from "./safetensors.mjs";

const HIDDEN = 32;
const INNER = 64;
const LAYERS = ["encoder.layer.0", "encoder.layer.1"];
const ATTENTION = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"];
const WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "blur", "faces", "plot", "numbers", "find", "every", "face"];

const norm = (name) => [[`${name}.weight`, [HIDDEN]], [`${name}.bias`, [HIDDEN]]];
const linear = (name, out, inputs) => [[`${name}.weight`, [out, inputs]], [`${name}.bias`, [out]]];
const layer = (name) => [
  ...ATTENTION.flatMap((part) => linear(`${name}.${part}`, HIDDEN, HIDDEN)),
  ...linear(`${name}.intermediate.dense`, INNER, HIDDEN),
  ...linear(`${name}.output.dense`, HIDDEN, INNER),
  ...norm(`${name}.attention.output.LayerNorm`),
  ...norm(`${name}.output.LayerNorm`),
];
const shapes = [
  ...[["word", WORDS.length], ["position", 64], ["token_type", 2]].map(([kind, rows]) => [`embeddings.${kind}_embeddings.weight`, [rows, HIDDEN]]),
  ...norm("embeddings.LayerNorm"),
  ...LAYERS.flatMap(layer),
];

/** Numbers that look random and are the same every time. */
function noise(count, seed) {
  return Float32Array.from({ length: count }, (_, i) => ((((i + seed) * 7919) % 2003) / 1001.5 - 1) * 0.3);
}

const count = (shape) => shape.reduce((a, b) => a * b);
const tensors = shapes.map(([name, shape], number) => [name, shape, noise(count(shape), number * 31)]);

const config = {
  model_type: "bert", hidden_act: "gelu", hidden_size: HIDDEN, intermediate_size: INNER, num_attention_heads: 2, num_hidden_layers: LAYERS.length,
  vocab_size: WORDS.length, max_position_embeddings: 64, layer_norm_eps: 1e-12,
};
const normalizer = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true };
const model = { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 };
const vocab = Object.fromEntries(WORDS.map((word, id) => [word, id]));

export const tinyBert = {
  "config.json": Buffer.from(JSON.stringify(config)),
  "tokenizer.json": Buffer.from(JSON.stringify({ normalizer, model: { ...model, vocab } })),
  "model.safetensors": safetensors(tensors),
  "1_Pooling/config.json": Buffer.from(JSON.stringify({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false })),
};
