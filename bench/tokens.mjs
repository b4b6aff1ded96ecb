// Does a budget of tokens hold where real encoders count, and how much of it is used?
//
// Each skill is asked for by its title; the block is written within the budget, and counted by both encoders. The worst of
// the two is told.
import { getEncoding } from "js-tiktoken";
import { SkillMesh } from "skillmesh";
import { parseArgs } from "node:util";
import { median, quantile } from "./stats.mjs";

const { values } = parseArgs({ options: { snapshot: { type: "string" }, tokens: { type: "string", default: "1000" } } });
if (!values.snapshot) {
  console.error("usage: node tokens.mjs --snapshot FILE [--tokens N]");
  process.exit(2);
}

const PROVIDERS = ["claude", "codex", "agent-skills", "openai-responses", "agents-md", "json"];
const maxTokens = Number(values.tokens);
const encoders = ["o200k_base", "cl100k_base"].map((name) => getEncoding(name));
const counted = (block) => Math.max(...encoders.map((encoder) => encoder.encode(block, [], []).length));

/** The share of the budget that each skill's block takes by a real encoder. */
async function shares(mesh, provider) {
  const shares = [];
  for (const { title } of mesh.cards()) {
    const block = await mesh.emit(provider, title, { topK: 20, maxTokens, mode: "sparse" }).catch(() => "");
    if (block) shares.push(counted(block) / maxTokens);
  }
  return shares;
}

const mesh = await SkillMesh.load(values.snapshot, { model: null });
console.log(`Of ${maxTokens} tokens, as o200k and cl100k count:\n`);
console.log("| provider | blocks | median | largest | above the budget |\n|---|---|---|---|---|");
for (const provider of PROVIDERS) {
  const used = await shares(mesh, provider);
  const percent = (share) => `${Math.round(100 * share)} %`;
  console.log(`| ${provider} | ${used.length} | ${percent(median(used))} | ${percent(quantile(used, 1))} | ${used.filter((share) => share > 1).length} |`);
}
mesh.free();
