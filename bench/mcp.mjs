// How long does a client of the MCP server wait for a list, and for skills? Over standard input and output, one question at a time, with the
// transport and what the client needs to read an answer.
//
//   node bench/mcp.mjs --bin build/skillmesh [--skills 1200] [--rounds 500] [--json]
//
// Fails where a list takes longer than its target in the middle of all rounds, which needs the release build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { served } from "./served.mjs";
import { quantile } from "./stats.mjs";

/** Milliseconds within which a list is answered. */
const TARGET = 1;
const WARM_UP = 50;

const { values: options } = parseArgs({
  options: {
    bin: { type: "string", default: "build/skillmesh" },
    skills: { type: "string", default: "1200" },
    rounds: { type: "string", default: "500" },
    json: { type: "boolean" },
  },
});
const [count, rounds] = [Number(options.skills), Number(options.rounds)];
const folder = mkdtempSync(join(tmpdir(), "skillmesh-mcp-"));
const snapshot = join(folder, "skills.msgpack");

const NOUNS = ["maps", "forms", "images", "tables", "letters", "queries", "tests", "logs", "charts", "secrets", "invoices"];
const VERBS = ["Draws", "Fills", "Sorts", "Checks", "Signs", "Merges", "Deploys"];

/** A snapshot of many skills whose texts are about as long as real ones, for keywords: a list embeds nothing, and the model's time is measured elsewhere. */
function build() {
  const body = "Look at what there is, decide what is wanted, do it in small steps, and show what came of it. ".repeat(20);
  const skill = (n) => {
    const [verb, noun] = [VERBS[n % VERBS.length], NOUNS[n % NOUNS.length]];
    return { id: `${noun}.skill-${n}`, title: `${verb} ${noun} ${n}`, description: `${verb} ${noun} of kind ${n} and tells what came of it`, tags: [noun], instruction_text: body };
  };
  const registry = join(folder, "registry.json");
  writeFileSync(registry, JSON.stringify({ tools: Array.from({ length: count }, (_, n) => skill(n)) }));
  const { status, stderr } = spawnSync(options.bin, ["build", registry, "--no-dense", "--out", snapshot], { encoding: "utf8" });
  if (status !== 0) throw new Error(`build: ${stderr}`);
}

const QUESTIONS = [
  { name: "tools/list", method: "tools/list", target: TARGET },
  { name: "resources/list, a page of 100", method: "resources/list", target: TARGET },
  { name: "skills/list, a page of 100", method: "skills/list", target: TARGET },
  { name: "retrieve by keywords", method: "tools/call", of: (n) => ({ name: "retrieve", arguments: { query: `${NOUNS[n % NOUNS.length]} of kind ${n % count}` } }) },
];

async function measured(ask, { name, method, of = () => ({}), target }) {
  const times = [];
  for (let n = 0; n < WARM_UP + rounds; n++) {
    const began = performance.now();
    await ask(method, of(n));
    if (n >= WARM_UP) times.push(performance.now() - began);
  }
  return { name, target, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

try {
  build();
  const { ask, end } = await served(options.bin, ["--snapshot", snapshot], join(folder, "none.duckdb"));
  const figures = [];
  for (const question of QUESTIONS) figures.push(await measured(ask, question));
  end();
  const machine = `${cpus()[0].model}, ${availableParallelism()} threads`;
  const line = ({ name, target, p50, p99 }) => `${name}: ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms${target ? ` (target ${target} ms)` : ""}`;
  const lines = [`${count} skills, ${rounds} questions each, on ${machine}`, ...figures.map(line)];
  console.log(options.json ? JSON.stringify({ machine, skills: count, rounds, figures }, null, 2) : lines.join("\n"));
  const slow = figures.filter(({ target, p50 }) => p50 > target).map(({ name }) => name);
  if (slow.length > 0) throw new Error(`too slow: ${slow.join("; ")}`);
} finally {
  rmSync(folder, { recursive: true });
}
