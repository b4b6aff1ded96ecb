// What was asked of the harness?
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

export const USAGE = `node bench/run.mjs --skills DIR [options]

  --skills DIR       folder of SKILL.md files: the texts that every engine gets
  --snapshot FILE    SkillMesh snapshot of those texts
  --copies FILE      SkillMesh snapshot of those texts 20 times over, ids ending ~1 to ~19
  --model FILE       SkillMesh embedding model
  --onnx FILE        the same model as ONNX, for onnxruntime-web
  --tokens FILE      texts with their token ids (default: tokens.json beside this script)
  --long FILE        long queries, lines of {"id", "text"}
  --only peers       leave SkillMesh out
  --parts LIST       of open,keyword,embedding (default: all)
  --sizes LIST       how many times over the corpus is taken, of 1,20 (default: both)
  --cap SECONDS      a build that takes longer is given up (default: 90)
  --budget SECONDS   an engine that has spent this on one set of queries sits out (default: 30)
  --json FILE        write every sample there
  --check            exit with 1 when a target is missed

Exit codes: 0, 1 for a missed target with --check, 2 when an engine crashed or the options are wrong.`;

const text = (fallback) => ({ type: "string", default: fallback });
const flag = { type: "boolean", default: false };

const known = {
  skills: text(), snapshot: text(), copies: text(), model: text(), onnx: text(), long: text(), only: text(), json: text(),
  tokens: text(fileURLToPath(new URL("./tokens.json", import.meta.url))),
  parts: text("open,keyword,embedding"), sizes: text("1,20"), cap: text("90"), budget: text("30"),
  check: flag, help: flag,
};

function interpret({ parts, sizes, cap, budget, ...rest }) {
  return { ...rest, parts: parts.split(","), sizes: sizes.split(",").map(Number), cap: Number(cap), budget: Number(budget) };
}

/** The options, or the reason why they cannot be followed, as a thrown error. */
export function readOptions(args) {
  const options = interpret(parseArgs({ args, options: known }).values);
  if (!options.help && !options.skills) throw new Error("--skills is missing: expected a folder of SKILL.md files");
  return options;
}
