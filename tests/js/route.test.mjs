// Does the packed package discover, route, remember and learn, as the native program does?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SkillMesh, SkillMeshError, fileStore, kvStore } from "skillmesh";

const cli = process.env.SKILLMESH_CLI;
const model = process.env.SKILLMESH_MODEL;
const folder = mkdtempSync(join(tmpdir(), "skillmesh-route-"));
const [registry, snapshot] = [join(folder, "registry.json"), join(folder, "registry.msgpack")];
const run = (...args) => execFileSync(cli, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const cards = [
  { id: "git", title: "Git", description: "commit, push and merge code in branches", tags: ["commit", "branch"] },
  { id: "documentation", title: "Documentation", description: "write documentation about a project" },
  { id: "writer", title: "Writer", description: "polish any text" },
  { id: "charts", title: "Charts", description: "draw heat maps and bar charts", installed: false },
  { id: "docker", title: "Docker", description: "build and run docker containers", installed: false, source: "remote" },
];

const open = [];
/** A mesh of its own for each test, since each learns. */
async function opened(options) {
  const mesh = await SkillMesh.load(snapshot, options);
  await mesh.semanticReady;
  open.push(mesh);
  return mesh;
}
before(() => {
  writeFileSync(registry, JSON.stringify(cards));
  run("build", registry, "--out", snapshot);
});
after(() => {
  open.forEach((mesh) => mesh.free());
  rmSync(folder, { recursive: true });
});

const ids = (skills) => skills.map((skill) => skill.id);
const code = (expected) => (error) => error instanceof SkillMeshError && error.code === expected;

test("the native program finds the same skills, in the same Markdown", async () => {
  const mesh = await opened({ model });
  for (const query of ["merge my branches", "docker containers", "xyzzy qwfp"]) {
    for (const method of ["discover", "suggest"]) {
      const own = await mesh[method](query);
      const native = () => run(method, "--snapshot", snapshot, "--query", query);
      const said = own.reason === null ? native() : assert.throws(native, { status: 1 });
      if (said) assert.equal(own.markdown, said);
    }
  }
  const { skills } = await mesh.discover("docker containers", { limit: 2 });
  assert.equal(skills.length, 2);
  assert.deepEqual([skills[0].id, skills[0].installed, skills[0].source], ["docker", false, "remote"]);
  assert.ok(skills[0].match > skills[1].match && skills[0].match <= 1);
  assert.ok((await mesh.discover("docker containers", { localOnly: true })).skills.every((skill) => skill.installed));
  await assert.rejects(mesh.discover("x", { localOnly: true, filter: { installed: false } }), code("invalid-argument"));
  await assert.rejects(mesh.discover("x", { topK: 3 }), /there is no option `topK`/);
});

test("nonsense ends in none", async () => {
  const mesh = await opened({ model });
  const suggestion = await mesh.suggest("xyzzy qwfp zzz");
  assert.deepEqual([suggestion.best, suggestion.alternatives], [null, []]);
  const route = await mesh.route("xyzzy qwfp zzz");
  assert.deepEqual([route.selected_skills, route.answered_by], [[], "retrieval"]);
  assert.ok(route.reason);
});

test("what a task needs is loaded, one failure notwithstanding", async () => {
  const mesh = await opened();
  const loaded = [];
  const load = async (id) => {
    if (id === "docker") throw new Error("no network");
    loaded.push(id);
  };
  const charts = await mesh.autoRoute("draw heat maps", { load });
  assert.deepEqual([loaded, ids(charts.arrived), charts.to_load, charts.failed], [["charts"], ["charts"], [], []]);
  assert.match(charts.markdown, /## ✅ Relevant Skills \(1 loaded\)\n\n### 🔄 Auto-loaded: Charts/);
  const remote = await mesh.autoRoute("build docker containers", { load });
  assert.deepEqual([ids(remote.remote), remote.to_load], [["docker"], []]);
  const installing = await mesh.autoRoute("build docker containers", { load, autoInstall: true });
  assert.deepEqual([installing.failed[0].id, installing.failed[0].error.message], ["docker", "no network"]);
  assert.deepEqual(ids((await mesh.autoRoute("merge branches", { loaded: new Set(["git"]) })).loaded), ["git"]);
  assert.deepEqual((await mesh.autoRoute("merge branches", { loaded: [] })).to_load, ["git"]);
});

test("a strong choice stands, a weak one gets suggestions, and none is retrieval's", async () => {
  const mesh = await opened();
  const asked = [];
  const llm = (answer) => async (task) => void asked.push(task) ?? answer;
  const strong = await mesh.route("commit this", { llm: llm({ selected_skills: ["git"], confidence: 0.9, mission_brief: "do it" }) });
  assert.deepEqual([strong.selected_skills, strong.answered_by, strong.mission_brief], [["git"], "llm", "do it"]);
  const weak = await mesh.route("write documentation", { llm: llm({ selected_skills: ["writer"], confidence: 0.7 }) });
  assert.deepEqual([weak.answered_by, weak.suggested_skills[0]], ["fallback", "documentation"]);
  assert.ok(weak.confidence > 0.7 && weak.confidence <= 0.95);
  assert.match(weak.reasoning, /fallback: it named only a generic skill/);
  assert.equal((await mesh.route("merge branches", { llm: llm(null) })).answered_by, "retrieval");
  assert.deepEqual(asked, ["commit this", "write documentation", "merge branches"]);
  await mesh.route("COMMIT this", { llm: llm(null) });
  assert.equal(asked.length, 3, "what was answered before is not asked again");
  await mesh.route("merge branches", { llm: llm(null) });
  assert.equal(asked.length, 4, "a function that said nothing is");
  const stale = mesh.route("rename files", { llm: async () => (mesh.clearCache(), { selected_skills: ["git"], confidence: 1 }) });
  assert.equal((await stale).answered_by, "llm");
  assert.equal(mesh.cacheStats().entries, 0, "what was on its way when the cache was cleared is not kept");
  const cyclic = { selected_skills: ["git"], confidence: 1 };
  cyclic.self = cyclic;
  assert.equal((await mesh.route("merge it all", { llm: llm(cyclic) })).answered_by, "llm");
  await assert.rejects(mesh.route("x", { llm: llm({ selected_skills: ["git"], confidence: 7 }) }), code("invalid-argument"));
  await assert.rejects(mesh.route("x", { llm: llm({ confidence: 1 }) }), /`selected_skills` is missing/);
  await assert.rejects(mesh.route("x", { llm: "model" }), code("invalid-argument"));
});

test("the cache knows words and meaning, and keeps questions of other filters apart", async () => {
  const mesh = await opened({ model });
  const first = await mesh.route("fix the bug in my branch");
  assert.equal(first.cached, null);
  assert.equal((await mesh.route("Fix the  bug in my branch")).cached, "exact");
  assert.equal((await mesh.route("fix the bug in my branch!")).cached, "semantic");
  assert.equal((await mesh.route("fix the bug in my branch", { filter: { risk_level: "low" } })).cached, null);
  assert.equal((await mesh.route("fix the bug in my branch", { installedOnly: false })).cached, null);
  assert.equal((await mesh.route("fix the bug in my branch", { mode: "sparse" })).cached, null);
  const { exact_hits, semantic_hits, misses, entries, capacity } = mesh.cacheStats();
  assert.deepEqual([exact_hits, semantic_hits, misses, entries, capacity], [1, 1, 4, 4, 1000]);
  mesh.clearCache();
  assert.equal(mesh.cacheStats().entries, 0);
  const bounded = await opened({ routing: { cacheSize: 2 } });
  for (const task of ["commit a", "commit b", "commit c"]) await bounded.route(task);
  assert.equal(bounded.cacheStats().entries, 2);
  await assert.rejects(SkillMesh.load(snapshot, { routing: { halfLifeDays: 0 } }), code("invalid-argument"));
});

test("outcomes lift a skill, fade, and are explained", async () => {
  const mesh = await opened();
  const [query, day, now] = ["project code", 86_400_000, 1e12];
  const boost = async (options) => {
    const { hits } = await mesh.retrieve(query, { topK: 5, ...options });
    return hits.find((hit) => hit.id === "git").explain.boost;
  };
  for (const at of [now, now + 1]) await mesh.recordOutcome({ query, skill: "git", success: true, now: at });
  assert.equal(await boost({}), null, "retrieval learns only where it is asked to");
  const fresh = await boost({ feedback: true, now: now + 1 });
  assert.ok(Math.abs(fresh.share - 0.2) < 1e-6 && fresh.added > 0);
  assert.ok(Math.abs((await boost({ feedback: true, now: now + 30 * day })).share - 0.1) < 1e-6);
  await assert.rejects(mesh.recordOutcome({ query, skill: "gti", success: true }), code("invalid-argument"));
  await assert.rejects(mesh.recordOutcome({ query, skill: "git" }), /success: expected true or false/);
  await assert.rejects(mesh.recordOutcome({ query, skill: "git", success: true, at: 5 }), /there is no option `at`/);
  await assert.rejects(mesh.recordOutcome(), code("invalid-argument"));
  const { hits } = await mesh.retrieve("rhymes about the sea", { feedback: true, now, topK: 5 });
  const before = hits.map((hit) => hit.score);
  for (const at of [now, now + 1, now + 2]) await mesh.recordOutcome({ query: "rhymes about the sea", skill: hits.at(-1).id, success: true, now: at });
  assert.deepEqual(hits.map((hit) => hit.score), before);
  hits.forEach((hit) => assert.equal(hit.explain.boost, null, "an answer is explained by what was known when it was given"));
});

test("what was learnt is kept in stores and merged in any order", async () => {
  const [one, other] = [await opened(), await opened()];
  await one.recordOutcome({ query: "commit", skill: "git", success: true, now: 1 });
  await other.recordOutcome({ query: "draw", skill: "charts", success: false, now: 2 });
  const states = [one.exportState(), other.exportState()];
  await one.importState(states[1]);
  await other.importState(states[0]);
  await other.importState(states[0].buffer);
  assert.deepEqual(one.exportState(), other.exportState());
  const kv = new Map();
  const namespace = { get: async (key) => kv.get(key)?.buffer ?? null, put: async (key, bytes) => void kv.set(key, bytes.slice()) };
  for (const store of [fileStore(join(folder, "state.msgpack")), kvStore(namespace)]) {
    await one.syncState(store);
    const third = await opened();
    await third.recordOutcome({ query: "rename", skill: "writer", success: true, now: 3 });
    await third.syncState(store);
    await one.syncState(store);
    assert.deepEqual(third.exportState(), one.exportState(), "both ways");
  }
  await assert.rejects(one.importState(new Uint8Array([1, 2, 3])), code("state-format"));
  await other.recordOutcome({ query: "commit", skill: "git", success: true, now: 1e12 });
  await one.importState(other.exportState(), { now: 10 });
  const { hits } = await one.retrieve("commit", { feedback: true, now: 10, mode: "sparse" });
  assert.ok(Math.abs(hits[0].explain.boost.share - 0.1) < 1e-6, "what has not happened yet counts for nothing");
  await one.route("draw");
  await one.importState(other.exportState(), { now: 10 });
  assert.equal((await one.route("draw")).cached, "exact", "nor does what is known already");
});
