// Which model makes vectors of the real size, quickly? One as published encoders are shaped, of one layer, with random weights and the words of the
// made texts as its vocabulary. Texts that share words get near vectors; more it need not know, since no search takes longer for a better vector.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { safetensors } from "../../tests/js/safetensors.mjs";
import { seeded } from "../seeded.mjs";
import { words } from "./texts.mjs";

/** As all-MiniLM-L6-v2. */
const HIDDEN = 384;
const INNER = 8;
/** Texts are read up to here. */
export const MAX_TOKENS = 12;
const VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ...words];

const norm = (name) => [[`${name}.weight`, [HIDDEN]], [`${name}.bias`, [HIDDEN]]];
const linear = (name, out, inputs) => [[`${name}.weight`, [out, inputs]], [`${name}.bias`, [out]]];
const table = ([kind, rows]) => [`embeddings.${kind}_embeddings.weight`, [rows, HIDDEN]];
const LAYER = "encoder.layer.0";
const ATTENTION = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"];
const shapes = [
  ...[["word", VOCABULARY.length], ["position", 64], ["token_type", 2]].map(table),
  ...norm("embeddings.LayerNorm"),
  ...ATTENTION.flatMap((part) => linear(`${LAYER}.${part}`, HIDDEN, HIDDEN)),
  ...linear(`${LAYER}.intermediate.dense`, INNER, HIDDEN),
  ...linear(`${LAYER}.output.dense`, HIDDEN, INNER),
  ...norm(`${LAYER}.attention.output.LayerNorm`),
  ...norm(`${LAYER}.output.LayerNorm`),
];

/** Weights as an untrained model has them: ones for norms, nothing for biases and positions, else small random numbers. */
function weights(name, count, seed) {
  if (/LayerNorm.weight$/.test(name)) return new Float32Array(count).fill(1);
  if (/bias$|position|token_type/.test(name)) return new Float32Array(count);
  const random = seeded(seed);
  return Float32Array.from({ length: count }, () => (random() - 0.5) * 0.1);
}

const count = (shape) => shape.reduce((a, b) => a * b);
const tensors = () => shapes.map(([name, shape], number) => [name, shape, weights(name, count(shape), number + 1)]);

const config = {
  model_type: "bert", hidden_act: "gelu", hidden_size: HIDDEN, intermediate_size: INNER, num_attention_heads: 12, num_hidden_layers: 1,
  vocab_size: VOCABULARY.length, max_position_embeddings: 64, layer_norm_eps: 1e-12,
};
const normalizer = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true };
const wordPiece = { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 };

/** Writes the files that `skillmesh model import` reads. */
export function writeModel(folder) {
  const vocab = Object.fromEntries(VOCABULARY.map((word, id) => [word, id]));
  const files = {
    "config.json": JSON.stringify(config),
    "tokenizer.json": JSON.stringify({ normalizer, model: { ...wordPiece, vocab } }),
    "sentence_bert_config.json": JSON.stringify({ max_seq_length: MAX_TOKENS }),
    "1_Pooling/config.json": JSON.stringify({ pooling_mode_mean_tokens: true, pooling_mode_cls_token: false }),
    "model.safetensors": safetensors(tensors()),
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}
