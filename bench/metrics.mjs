// How long do a hundred projects with a hundred thousand uses each take to be collected, rolled up and asked? Beside the same questions in SQL over
// the same rows, asked of DuckDB's own program.
//
//   node bench/metrics.mjs --bin build/skillmesh --duckdb PATH [--projects 100] [--records 100000] [--json]
//
// PATH is DuckDB's terminal program (`pip download duckdb-cli==1.5.6`; it lies in the wheel). Fails where a question takes longer than its target,
// a second collection adds anything, or the two programs count otherwise.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { measured } from "./command.mjs";
import { seeded } from "./seeded.mjs";

/** Seconds within which a question is answered, by how much there is to ask: the first that fits. */
const TARGETS = [
  { projects: 10, records: 1_000, seconds: 1 },
  { projects: 50, records: 10_000, seconds: 5 },
  { projects: Infinity, records: Infinity, seconds: 10 },
];
const SKILLS = 400;
const CHUNK = 5_000;

const { values: options } = parseArgs({
  options: {
    bin: { type: "string", default: "build/skillmesh" },
    duckdb: { type: "string" },
    projects: { type: "string", default: "100" },
    records: { type: "string", default: "100000" },
    json: { type: "boolean" },
  },
});
const [projects, records] = [Number(options.projects), Number(options.records)];
const target = TARGETS.find((size) => projects <= size.projects && records <= size.records).seconds;
const folder = mkdtempSync(join(tmpdir(), "skillmesh-metrics-"));
const database = join(folder, "metrics.duckdb");

/** A use within a year; few skills are used often, and every eighth skill is bad. */
function use(random, project, number) {
  const skill = Math.floor(SKILLS * random() ** 3);
  const completed = random() < (skill % 8 ? 0.92 : 0.3);
  return {
    skill_name: `skill-${skill}`,
    invoked_at: new Date(Date.UTC(2025, 0, 1) + Math.floor(random() * 31_536_000_000)).toISOString(),
    session_id: `${project}-${Math.floor(number / 12)}`,
    workflow_path: `workflow-${Math.floor(number / 12) % 7}`,
    completed,
    duration_seconds: Math.round(-4000 * Math.log(1 - random())) / 1000,
    selection_rank: 1 + Math.floor(random() * 4),
    follow_up_actions: random() < 0.2 ? ["retry"] : [],
    error_type: completed ? null : ["timeout", "parse", "denied"][number % 3],
  };
}

async function writeProject(project) {
  const [random, at] = [seeded(project), join(folder, `p${project}`)];
  mkdirSync(join(at, ".session-buddy"), { recursive: true });
  const file = createWriteStream(join(at, ".session-buddy/skill_metrics.json"));
  file.write('{"invocations":[');
  for (let from = 0; from < records; from += CHUNK) {
    const uses = Array.from({ length: Math.min(CHUNK, records - from) }, (_, n) => JSON.stringify(use(random, project, from + n)));
    if (!file.write((from ? "," : "") + uses.join(","))) await once(file, "drain");
  }
  file.end("]}");
  await finished(file);
  skillmesh("register", at, `project ${project}`, "cli");
}

function skillmesh(...args) {
  const { status, stdout, stderr } = spawnSync(options.bin, ["metrics", ...args, "--db", database, "--json"], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

const asked = (...args) => measured(options.bin, ["metrics", ...args, "--db", database, "--json"]);
const sql = (query) => measured(options.duckdb, ["-readonly", "-json", database, "-c", query]);

const FIGURES = "count(*) AS uses, count(*) FILTER (success) AS successes, avg(duration_ms) AS mean";
const QUESTIONS = [
  ["top", ["top", "--limit", "10"], `SELECT skill_name AS skill, ${FIGURES} FROM skill_usage GROUP BY ALL ORDER BY uses DESC, skill LIMIT 10`],
  ["top of a month", ["top", "--window", "monthly"], `SELECT skill_name AS skill, ${FIGURES} FROM skill_usage
     WHERE date_trunc('month', invoked_at) = (SELECT date_trunc('month', max(invoked_at)) FROM skill_usage) GROUP BY ALL ORDER BY uses DESC, skill LIMIT 10`],
  ["effectiveness", ["effectiveness", "skill-8"], `SELECT ${FIGURES}, quantile_cont(duration_ms, [0.5, 0.9, 0.99]) FROM skill_usage WHERE skill_name = 'skill-8'`],
  ["compare", ["compare", "skill-8"], `SELECT project_id, ${FIGURES} FROM skill_usage WHERE skill_name = 'skill-8' GROUP BY ALL ORDER BY uses DESC`],
  ["trends", ["trends", "skill-8"], `SELECT date_trunc('week', invoked_at) AS week, ${FIGURES} FROM skill_usage WHERE skill_name = 'skill-8' GROUP BY ALL ORDER BY week DESC LIMIT 12`],
  ["pairs", ["pairs"], `SELECT a.skill_name, b.skill_name AS other, count(*) AS sessions FROM (SELECT DISTINCT session_id, skill_name FROM skill_usage) a
     JOIN (SELECT DISTINCT session_id, skill_name FROM skill_usage) b ON a.session_id = b.session_id AND a.skill_name < b.skill_name
     GROUP BY ALL ORDER BY sessions DESC, 1, 2 LIMIT 20`],
  ["health", ["health"], "SELECT count(*) FROM skill_usage"],
];

const rows = [];
const faults = [];

function note(name, { seconds, mebibytes }, peer, limit) {
  rows.push({ name, seconds, mebibytes, peer: peer?.seconds });
  if (seconds > limit) faults.push(`${name}: ${seconds.toFixed(1)} s, more than ${limit}`);
}

function same(name, ours, theirs) {
  const counts = (text) => JSON.parse(text).map?.(({ skill, uses }) => [skill, uses]) ?? JSON.parse(text).uses;
  if (name.startsWith("top") && JSON.stringify(counts(ours)) !== JSON.stringify(counts(theirs))) faults.push(`${name}: other counts than DuckDB's`);
}

for (let project = 0; project < projects; project++) await writeProject(project);
const collected = await asked("collect", "--all");
note("collect", collected, null, Infinity);
const added = (text) => JSON.parse(text).reduce((sum, told) => sum + told.added, 0);
if (added(collected.text) !== projects * records) faults.push(`collected ${added(collected.text)} uses of ${projects * records}`);
const again = await asked("collect", "--all");
note("collect again", again, null, Infinity);
if (added(again.text) !== 0) faults.push(`the second collection added ${added(again.text)}`);
note("aggregate, four windows", await asked("aggregate"), null, Infinity);
for (const [name, question, query] of QUESTIONS) {
  const ours = await asked(...question);
  const theirs = options.duckdb ? await sql(query) : null;
  note(name, ours, theirs, target);
  if (theirs) same(name, ours.text, theirs.text);
}
const megabytes = statSync(database).size / 2 ** 20;
rmSync(folder, { recursive: true });

if (options.json) {
  console.log(JSON.stringify({ projects, records, megabytes, rows, faults }, null, 1));
} else {
  console.log(`${projects} projects of ${records} uses; database ${megabytes.toFixed(0)} MiB; ${cpus()[0].model}, ${availableParallelism()} cores\n`);
  console.log("| | s | MiB | the same SQL in DuckDB, s |\n|---|---:|---:|---:|");
  for (const row of rows) {
    console.log(`| ${row.name} | ${row.seconds.toFixed(2)} | ${row.mebibytes.toFixed(0)} | ${row.peer?.toFixed(2) ?? "–"} |`);
  }
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length ? 1 : 0;
