// Are uses of skills gathered as the collector reads them, in a page and beside a worker, and does a snapshot that knows them say so?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SkillMesh, SkillMeshError } from "skillmesh";

const cli = process.env.SKILLMESH_CLI;
const folder = mkdtempSync(join(tmpdir(), "skillmesh-metrics-"));
const run = (...args) => execFileSync(cli, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TZ: "Asia/Tokyo" } });
const metrics = (...args) => JSON.parse(run("metrics", ...args, "--db", "metrics.duckdb", "--json"));
const build = (...args) => run("build", "experts.yaml", "--no-dense", "--out", "mesh.msgpack", ...args);

writeFileSync(join(folder, "experts.yaml"), "- id: viz.a\n  title: Make heatmaps\n- id: viz.b\n  title: Make heatmaps\n");

function project(name, file) {
  mkdirSync(join(folder, name, ".session-buddy"), { recursive: true });
  writeFileSync(join(folder, name, ".session-buddy/skill_metrics.json"), JSON.stringify(file));
  metrics("register", name, name, "web");
}

const uses = (skill, count, success) =>
  Array.from({ length: count }, (_, n) => ({ skill, success, durationMs: 10, query: "draw it", invokedAt: Date.UTC(2026, 0, 1) + n * 1000 }));

test("uses go from a mesh through the collector into the next snapshot, and move what it finds", async () => {
  build();
  const mesh = await SkillMesh.load(join(folder, "mesh.msgpack"), { worker: true });
  for (const use of [...uses("viz.a", 60, false), ...uses("viz.b", 60, true)]) mesh.metrics.record(use);
  project("project", mesh.exportSkillMetrics());
  mesh.free();
  assert.equal(metrics("collect", "--all")[0].added, 120);
  build("--usage", "metrics.duckdb");
  const used = await SkillMesh.load(join(folder, "mesh.msgpack"));
  const ids = async (options) => (await used.retrieve("heatmaps", options)).hits.map(({ id }) => id);
  assert.deepEqual(await ids({ usageWeight: 0 }), ["viz.a", "viz.b"]);
  assert.deepEqual(await ids(), ["viz.b", "viz.a"]);
  const [, last] = (await used.retrieve("heatmaps")).hits;
  const { score, explain: { boost, sparse } } = last;
  assert.ok(boost.usage < -0.03 && Math.abs(sparse.score + boost.added - score) < 1e-5, JSON.stringify({ boost, sparse, score }));
  used.free();
});

test("what cannot be a use is refused by name, and the oldest of too many are counted", async () => {
  build();
  const mesh = await SkillMesh.load(join(folder, "mesh.msgpack"));
  const refused = (use, said) =>
    assert.throws(() => mesh.metrics.record(use), (error) => error instanceof SkillMeshError && error.code === "invalid-argument" && said.test(error.message));
  refused(undefined, /use: expected an object/);
  refused({}, /use\.skill: expected the skill's id/);
  refused({ skill: "" }, /use\.skill: expected a text, got an empty text/);
  refused({ skill: null }, /use\.skill: expected the skill's id, got null/);
  refused({ skill: " " }, /use\.skill: expected a text/);
  refused({ skill: "a", success: true, errorType: "timeout" }, /use\.errorType: expected none/);
  refused({ skill: "a", selectionRank: 2 ** 31 }, /use\.selectionRank: expected a whole number/);
  refused({ skill: "a", invokedAt: 1e17 }, /use\.invokedAt: expected a Date/);
  refused({ skill: "a", durationMs: 1e11 }, /use\.durationMs: expected milliseconds/);
  refused({ skill: "a", succes: true }, /no field `succes`; expected skill/);
  refused({ skill: "a", durationMs: -1 }, /use\.durationMs: expected milliseconds/);
  refused({ skill: "a", invokedAt: new Date(NaN) }, /use\.invokedAt: expected a Date/);
  refused({ skill: "a", followUpActions: "retry" }, /use\.followUpActions: expected a list/);
  assert.deepEqual(mesh.exportSkillMetrics(), { invocations: [], left_out: 0 });
  for (let n = 0; n < 10_003; n++) mesh.metrics.record({ skill: `s${n}`, success: n % 2 === 0 });
  const { invocations, left_out } = mesh.exportSkillMetrics();
  assert.deepEqual([invocations.length, left_out, invocations[0].skill_name], [10_000, 3, "s3"]);
  mesh.metrics.clear();
  assert.equal(mesh.exportSkillMetrics().invocations.length, 0);
  mesh.free();
});

test("the extremes of every field are read by the collector, and lists are taken as they were", async () => {
  build();
  const mesh = await SkillMesh.load(join(folder, "mesh.msgpack"));
  const followUpActions = ["retry"];
  mesh.metrics.record({ skill: "cut \ud83d", invokedAt: null, query: "cut \ud83d", durationMs: 1e11 - 1, selectionRank: 2 ** 31 - 1, followUpActions });
  mesh.metrics.record({ skill: "a", invokedAt: new Date("0001-01-01"), durationMs: 0, selectionRank: 1, success: true, alternatives: [] });
  mesh.metrics.record({ skill: "a", invokedAt: Date.parse("9999-12-30"), errorType: "timeout", sessionId: "s", workflowPath: "w" });
  followUpActions.push("later");
  const file = mesh.exportSkillMetrics();
  mesh.free();
  assert.deepEqual(file.invocations[0].follow_up_actions, ["retry"]);
  project("extremes", file);
  const [{ added, skipped }] = metrics("collect", "extremes");
  assert.deepEqual([added, skipped], [3, []]);
});

test("times without a zone are the machine's, and what identifies a use does not move with it", () => {
  const { TZ, ...elsewhere } = process.env;
  project("naive", { invocations: [{ skill_name: "naive", invoked_at: "2026-02-10T08:00:00", completed: true }] });
  assert.equal(metrics("collect", "naive")[0].added, 1);
  assert.equal(metrics("trends", "naive", "--window", "daily")[0].start, "2026-02-09", "eight in the morning in Tokyo");
  writeFileSync(join(folder, "naive/.session-buddy/skill_metrics.json"), JSON.stringify({ invocations: [{ skill_name: "naive", invoked_at: "2026-02-10T08:00:00" }] }));
  const said = execFileSync(cli, ["metrics", "collect", "naive", "--db", "metrics.duckdb", "--json"], { cwd: folder, env: { ...elsewhere, TZ: "UTC" } });
  assert.deepEqual(JSON.parse(said).map(({ read, added, updated }) => [read, added, updated]), [[1, 0, 0]]);
});

test("a database that is not there is asked for by nobody's mistake, and is its owner's alone", { skip: process.platform === "win32" }, () => {
  const fails = (said, ...args) => assert.throws(() => run(...args), (error) => said.test(error.stderr) && error.status !== 0);
  fails(/typo\.duckdb: there is no database of uses; .*register/, "metrics", "top", "--db", "typo.duckdb");
  fails(/there is no database of uses/, "build", "experts.yaml", "--no-dense", "--out", "mesh.msgpack", "--usage", "typo.duckdb");
  fails(/200000000 is not in 0\.\.=36500/, "metrics", "prune", "--days", "200000000", "--db", "metrics.duckdb");
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("typo")), []);
  const made = readdirSync(folder).filter((name) => name.startsWith("metrics.duckdb"));
  assert.deepEqual(made.map((name) => (statSync(join(folder, name)).mode & 0o077).toString(8)), made.map(() => "0"));
});
