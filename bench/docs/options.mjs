// What was asked of the comparison?
import { parseArgs } from "node:util";
import { ENGINES } from "./entrants.mjs";
import { sites } from "./sites.mjs";

const SITES = Object.keys(sites);

export const USAGE = `node bench/docs/run.mjs --cli PATH --model FILE --skills DIR [options]

  --cli PATH      the native program, which ingests the pages
  --model FILE    SkillMesh embedding model
  --skills DIR    folder of SKILL.md files: the pages of the site "skills"
  --sites LIST    of ${SITES} (default: both)
  --only LIST     of ${ENGINES} (default: all)
  --read FORM     what SkillMesh reads, html or markdown (default: HTML of "docs", Markdown of "skills")
  --runs N        times that each index is built (default: 3)
  --json FILE     write every figure and every answer there

Exit codes: 0, 2 when the run failed or the options are wrong.`;

const text = { type: "string" };
const known = {
  cli: text, model: text, skills: text, read: text, json: text,
  sites: { ...text, default: SITES.join() }, only: { ...text, default: ENGINES.join() },
  runs: { ...text, default: "3" }, help: { type: "boolean" },
};

const FORMS = ["html", "markdown"];

function listed(option, value, allowed) {
  const names = value.split(",");
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown) throw new Error(`--${option}: expected some of ${allowed}, got ${unknown}`);
  return names;
}

function required({ sites, only }) {
  return [...(only.includes("skillmesh") ? ["cli", "model"] : []), ...(sites.includes("skills") ? ["skills"] : [])];
}

function interpret({ sites, only, runs, read, ...rest }) {
  if (read) listed("read", read, FORMS);
  if (!(Number(runs) >= 1)) throw new Error(`--runs: expected a number from 1 on, got ${runs}`);
  return { ...rest, read, runs: Number(runs), sites: listed("sites", sites, SITES), only: listed("only", only, ENGINES) };
}

/** The options, or the reason why they cannot be followed, as a thrown error. */
export function readOptions(args) {
  const options = interpret(parseArgs({ args, options: known }).values);
  const missing = required(options).find((name) => !options[name]);
  if (missing && !options.help) throw new Error(`--${missing} is missing`);
  return options;
}
