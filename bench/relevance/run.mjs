// Which engine finds the right document, given the same texts?
//
// The order of the parts, and nothing else: who takes part stands in entrants.mjs, how an answer is judged in cli.mjs.
import { writeFileSync } from "node:fs";
import { Embedder } from "skillmesh";
import { environment } from "../environment.mjs";
import { inScratch } from "../scratch.mjs";
import { agreement } from "./agreement.mjs";
import { answersOf } from "./answers.mjs";
import { openCli } from "./cli.mjs";
import { entrants, OURS } from "./entrants.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { render } from "./report.mjs";
import { readSets } from "./sets.mjs";
import { withVectors } from "./vectors.mjs";

const PACKAGES = ["skillmesh", "minisearch", "flexsearch", "fuse.js", "@orama/orama", "@orama/stopwords"];

const say = (line) => process.stderr.write(`${line}\n`);

async function answerSet(set, embedder, cap) {
  const answered = {};
  for (const [name, entrant] of Object.entries(entrants)) {
    say(`${set.name}: ${name}`);
    answered[name] = await answersOf(entrant, set, embedder, cap);
  }
  return answered;
}

/** What the report needs of an entrant: figures in place of answers. */
function judged(cli, set, { answers, ...rest }) {
  return answers ? { ...rest, metrics: cli.judge(set, answers) } : rest;
}

function agreementOf(cli, set, answered) {
  const present = Object.entries(OURS).filter(([, name]) => answered[name].answers);
  const compared = ([mode, name]) => [mode, agreement(cli.answers(set, mode), answered[name].answers)];
  return Object.fromEntries(present.map(compared));
}

async function measureSet(plain, cli, embedder, cap) {
  say(`${plain.name}: snapshot and vectors`);
  const set = { ...withVectors(embedder, plain), snapshot: cli.build(plain) };
  const answered = await answerSet(set, embedder, cap);
  return {
    name: set.name,
    documents: set.docs.length,
    queries: set.queries.length,
    results: Object.fromEntries(Object.entries(answered).map(([name, result]) => [name, judged(cli, set, result)])),
    agreement: agreementOf(cli, set, answered),
  };
}

async function measure(options, scratch) {
  const cli = openCli(options, scratch);
  const embedder = await Embedder.load(options.model);
  const sets = [];
  for (const set of readSets(options.sets, options.only)) sets.push(await measureSet(set, cli, embedder, options.cap));
  return { environment: environment(PACKAGES), sets };
}

const differs = ({ agreement }) => Object.values(agreement).some(({ same, of }) => same < of);

async function main(options) {
  const report = await inScratch((scratch) => measure(options, scratch));
  console.log(render(report));
  if (options.json) writeFileSync(options.json, JSON.stringify(report, null, 1));
  return report.sets.some(differs) ? 1 : 0;
}

/** A crash must not look like a difference. */
function crashed(error) {
  say(error.stack);
  return 2;
}

function optionsOrUsage() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    say(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const options = optionsOrUsage();
if (options.help) console.log(USAGE);
else process.exitCode = await main(options).catch(crashed);
