// What was asked of the comparison?
import { parseArgs } from "node:util";

export const USAGE = `node bench/relevance/run.mjs --sets DIR --cli PATH --model FILE [options]

  --sets DIR      folder of labelled sets, each with corpus.jsonl, queries.jsonl and qrels.tsv
  --cli PATH      the native program: it builds the snapshots and judges the answers
  --model FILE    SkillMesh embedding model
  --only LIST     names of sets (default: all)
  --cap SECONDS   an entrant that takes longer for one set is given up there (default: 600)
  --json FILE     write every metric with its interval there

Exit codes: 0, 1 when package and program answer differently, 2 when the run failed or the options are wrong.`;

const text = { type: "string" };
const known = {
  sets: text, cli: text, model: text, only: text, json: text,
  cap: { ...text, default: "600" }, help: { type: "boolean" },
};

/** The options, or the reason why they cannot be followed, as a thrown error. */
export function readOptions(args) {
  const { only, cap, ...options } = parseArgs({ args, options: known }).values;
  const missing = ["sets", "cli", "model"].find((name) => !options[name]);
  if (missing && !options.help) throw new Error(`--${missing} is missing`);
  return { ...options, only: only?.split(","), cap: Number(cap) };
}
