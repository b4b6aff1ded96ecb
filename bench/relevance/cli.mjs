// What does the native program add: the snapshot, the judgement, and the same answers again?
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** An evaluation prints every query's answer, which is more than Node takes unless told. */
const MAX_OUTPUT = 2 ** 30;

export function openCli({ cli, model }, scratch) {
  const settings = { encoding: "utf8", maxBuffer: MAX_OUTPUT, stdio: ["ignore", "pipe", "inherit"] };
  const run = (...args) => execFileSync(cli, args, settings);
  const labels = ({ queriesFile, qrelsFile }) => ["--queries", queriesFile, "--qrels", qrelsFile];

  function build({ name, corpus }, ...options) {
    const snapshot = join(scratch, `${[name, ...options].join("")}.msgpack`);
    run("build", corpus, "--out", snapshot, "--model", model, ...options);
    return snapshot;
  }

  /** Every metric of an entrant's answers; metrics are computed there and nowhere else. */
  function judge(set, answers) {
    const file = join(scratch, "answers.jsonl");
    writeFileSync(file, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
    return JSON.parse(run("eval", "--answers", file, ...labels(set), "--json")).reports[0].metrics;
  }

  /** What the native retriever answers to each judged query: `{ id, ids }`. */
  function answers(set, mode) {
    const file = join(scratch, "native.jsonl");
    run("eval", "--corpus", set.snapshot, ...labels(set), "--mode", mode, "--model", model, "--per-query", file);
    return readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  }

  return { build, judge, answers };
}
