// Can what is searched change while it is searched?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { DocSearch, SkillMesh, SkillMeshError } from "skillmesh";

const cli = process.env.SKILLMESH_CLI;
const model = process.env.SKILLMESH_MODEL;
const folder = mkdtempSync(join(tmpdir(), "skillmesh-changes-"));
const at = (name) => join(folder, name);
const run = (...args) => execFileSync(cli, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const code = (expected) => (error) => error instanceof SkillMeshError && error.code === expected;
const ids = ({ hits }) => hits.map((hit) => hit.id);

const cards = [
  { id: "git", title: "Git", description: "commit, push and merge code in branches" },
  { id: "files", title: "Files", description: "move, copy and rename files" },
  { id: "charts", title: "Charts", description: "draw heat maps and bar charts" },
];
const docker = { id: "docker", title: "Docker", description: "build and run containers", instruction_text: "# Use\n\nRun it.\n" };

/** What the native program builds of these cards. */
function built(cards, ...options) {
  writeFileSync(at("registry.json"), JSON.stringify(cards));
  run("build", at("registry.json"), "--out", at("built.msgpack"), ...options);
  return new Uint8Array(readFileSync(at("built.msgpack")));
}

const open = [];
async function opened(snapshot, options) {
  const mesh = await SkillMesh.load(snapshot, options);
  await mesh.semanticReady;
  open.push(mesh);
  return mesh;
}
after(() => {
  open.forEach((mesh) => mesh.free());
  rmSync(folder, { recursive: true });
});

test("what was put in and taken out is what a build gives, byte for byte", async () => {
  for (const options of [[], ["--no-dense"]]) {
    const mesh = await opened(built(cards, ...options), options.length === 0 ? { model } : {});
    await mesh.upsert([docker, { ...cards[0], title: "Git and branches" }]);
    assert.deepEqual(ids(await mesh.retrieve("run containers", { topK: 1 })), ["docker"]);
    assert.deepEqual(await mesh.remove(["files", "unknown"]), ["files"]);
    assert.deepEqual(ids(await mesh.retrieve("rename files", { mode: "sparse" })), []);
    assert.equal(mesh.card("docker").instruction_text, docker.instruction_text);
    assert.equal(mesh.card("files"), null);
    const expected = built([{ ...cards[0], title: "Git and branches" }, docker, cards[2]], ...options);
    assert.deepEqual(mesh.snapshot(), expected);
  }
});

test("a thousand changes come to what a build gives", async () => {
  const mesh = await opened(built(cards, "--no-dense"));
  const many = Array.from({ length: 1000 }, (_, n) => ({ id: `skill${n}`, title: `Skill ${n}`, description: `does thing ${n % 97} and ${n % 13}` }));
  await Promise.all(many.map((card) => mesh.upsert([card])));
  assert.deepEqual(mesh.snapshot(), built([...cards, ...many], "--no-dense"));
  await Promise.all(many.map((card) => mesh.remove(card.id)));
  assert.deepEqual(mesh.snapshot(), built(cards, "--no-dense"));
});

test("a real registry comes to the same bytes here as in the native program", async () => {
  const registry = new Uint8Array(readFileSync(process.env.SKILLMESH_SNAPSHOT));
  const mesh = await opened(registry, { model });
  const id = mesh.cards()[30].id;
  const card = mesh.card(id);
  await mesh.upsert([{ ...card, title: "Other" }]);
  writeFileSync(at("old.msgpack"), mesh.snapshot());
  await mesh.upsert([card]);
  assert.deepEqual(mesh.snapshot(), registry);
  run("diff", at("old.msgpack"), process.env.SKILLMESH_SNAPSHOT, "--out", at("delta.msgpack"));
  const other = await opened(at("old.msgpack"));
  await other.applyDelta(at("delta.msgpack"));
  assert.deepEqual(other.snapshot(), registry);
});

test("a bad card changes nothing", async () => {
  const mesh = await opened(built(cards, "--no-dense"));
  const before = mesh.snapshot();
  const cyclic = { id: "x" };
  cyclic.metadata = { cyclic };
  const bad = [
    [{ id: "" }], [{}], [docker, docker], [docker, { id: "x", tags: "a" }], [docker, { id: "x", tilte: "typo" }], [docker, cyclic],
    [{ id: "x", instruction_file: "../x.md" }], [7], [null], "docker", null, undefined, docker,
  ];
  for (const cards of bad) await assert.rejects(mesh.upsert(cards), (error) => error instanceof SkillMeshError && ["invalid-argument", "registry"].includes(error.code), JSON.stringify(cards?.length));
  await assert.rejects(mesh.upsert([docker, { id: "x", tilte: "typo" }]), /card 1.*`tilte`/);
  await assert.rejects(mesh.remove([7]), code("invalid-argument"));
  assert.deepEqual(mesh.snapshot(), before);
});

test("cards that came before the model are found by meaning once it is there", async () => {
  const snapshot = built(cards);
  const mesh = await SkillMesh.load(snapshot, { model });
  open.push(mesh);
  const upserted = mesh.upsert([docker]);
  await upserted;
  assert.deepEqual(mesh.snapshot(), built([...cards, docker]));
  const keywords = await opened(snapshot, { model: null });
  await keywords.upsert([docker]);
  assert.deepEqual(ids(await keywords.retrieve("containers")), ["docker"]);
  assert.equal(keywords.stats().passages, 3, "without a model its words must do");
  const later = await opened(keywords.snapshot(), { model });
  await later.upsert([]);
  assert.deepEqual(later.snapshot(), built([...cards, docker]), "and the model catches up");
});

test("listeners hear once of all that changed", async () => {
  const mesh = await opened(built(cards, "--no-dense"));
  const heard = [];
  mesh.onChange(() => { throw new Error("a listener's own mistake"); });
  const end = mesh.onChange((changes) => heard.push(changes));
  const { error } = console;
  console.error = () => {};
  for (let n = 0; n < 10; n++) await mesh.upsert([{ id: `skill${n}`, title: "S" }]);
  await mesh.remove(["git", "skill9"]);
  await mesh.upsert([{ ...cards[1], title: "Other" }]);
  assert.deepEqual(heard, []);
  await pause(300);
  const added = Array.from({ length: 9 }, (_, n) => `skill${n}`);
  assert.deepEqual(heard, [{ added, changed: ["files"], removed: ["git"] }]);
  await mesh.upsert([{ id: "x" }]);
  await mesh.remove("x");
  await pause(300);
  assert.equal(heard.length, 1, "what came and went is no change");
  await mesh.reload(built(cards, "--no-dense"));
  await pause(300);
  assert.deepEqual(heard[1], { added: ["git"], changed: ["files"], removed: added });
  end();
  await mesh.upsert([docker]);
  await pause(300);
  assert.equal(heard.length, 2);
  console.error = error;
});

test("another snapshot takes over while queries run", async () => {
  const [old, next] = [built(cards), built([docker])];
  const mesh = await opened(old, { model });
  const before = await mesh.retrieve("draw charts");
  const running = Array.from({ length: 20 }, () => mesh.retrieve("draw charts or run containers", { mode: "hybrid", topK: 9 }));
  const reloading = mesh.reload(next);
  for (const answer of await Promise.all(running)) assert.ok(["docker", "charts,files,git"].includes(ids(answer).sort().join()), ids(answer));
  await reloading;
  assert.deepEqual(ids(await mesh.retrieve("run containers")), ["docker"]);
  assert.ok(before.hits[0].explain.dense && before.hits[0].snippet.text.includes("charts"), "an answer outlives its snapshot");
  await assert.rejects(mesh.reload(new Uint8Array([1, 2])), code("snapshot-format"));
  await assert.rejects(mesh.reload(built(cards, "--no-dense")), code("no-model"));
  await assert.rejects(mesh.reload(next, { modle: model }), /there is no option `modle`/);
  assert.deepEqual(ids(await mesh.retrieve("run containers")), ["docker"], "what is refused changes nothing");
  await mesh.reload(old, { model, verify: true });
  assert.equal((await mesh.retrieve("draw charts")).mode, "hybrid");
});

test("routes are forgotten and outcomes kept when cards change", async () => {
  const mesh = await opened(built(cards, "--no-dense"));
  await mesh.recordOutcome({ query: "charts", skill: "charts", success: true, now: 1 });
  await mesh.route("draw charts");
  assert.equal((await mesh.route("draw charts")).cached, "exact");
  await mesh.upsert([{ id: "charts", title: "Charts", description: "draw charts", installed: false }]);
  const route = await mesh.route("draw charts");
  assert.deepEqual([route.cached, route.selected_skills.includes("charts")], [null, false]);
  assert.ok((await mesh.retrieve("charts", { feedback: true, now: 1 })).hits[0].explain.boost);
  const slow = await mesh.route("rename files", { llm: async () => {
    await mesh.upsert([docker]);
    await mesh.remove(["git", "files"]);
    return { selected_skills: ["files", "docker"], confidence: 0.9 };
  } });
  assert.deepEqual(slow.selected_skills, ["docker"], "what is no longer there is not chosen");
});

test("a delta leads from one snapshot to the next", async () => {
  const [old, next] = [built(cards), built([...cards.slice(1), docker])];
  writeFileSync(at("old.msgpack"), old);
  writeFileSync(at("next.msgpack"), next);
  run("diff", at("old.msgpack"), at("next.msgpack"), "--out", at("delta.msgpack"));
  const mesh = await opened(old, { model });
  await mesh.applyDelta(at("delta.msgpack"));
  assert.deepEqual(mesh.snapshot(), next);
  assert.deepEqual(ids(await mesh.retrieve("run containers", { mode: "hybrid", topK: 1 })), ["docker"]);
  await assert.rejects(mesh.applyDelta(readFileSync(at("delta.msgpack"))), code("invalid-argument"), "another base");
  await assert.rejects(mesh.applyDelta(new Uint8Array([1])), code("snapshot-format"));
  assert.deepEqual(mesh.snapshot(), next);
});

test("documents are reloaded too", async () => {
  writeFileSync(at("one.md"), "# One\n\nFirst things.\n");
  run("ingest", at("one.md"), "--no-dense", "--out", at("docs.msgpack"));
  const docs = await DocSearch.load(at("docs.msgpack"));
  open.push(docs);
  writeFileSync(at("one.md"), "# Two\n\nSecond things.\n");
  run("ingest", at("one.md"), "--no-dense", "--out", at("docs.msgpack"));
  await docs.reload(at("docs.msgpack"));
  assert.equal((await docs.search("second")).pages[0].title, "Two");
});

/** The snapshot as if another version had built it. */
function foreign(bytes) {
  const other = new Uint8Array(bytes);
  const at = Buffer.from(other.buffer).indexOf("skillmesh 0.1.0");
  other.set(Buffer.from("skillmesh 0.0.9"), at);
  return other;
}

test("what can't be changed is refused before anything is", async () => {
  const mesh = await opened(foreign(built(cards, "--no-dense")));
  const end = mesh.onChange(() => {});
  await assert.rejects(mesh.upsert([docker]), code("snapshot-version"));
  await assert.rejects(mesh.remove("git"), code("snapshot-version"));
  assert.equal(mesh.cards().length, 3);
  await pause(250);
  end();
});

test("a model that is not named stays, `null` lets it go, and a refused reload forgets nothing", async () => {
  const mesh = await opened(built(cards), { model });
  await mesh.route("draw charts");
  const other = new Uint8Array(built([docker]));
  const at = Buffer.from(other.buffer).indexOf(mesh.stats().model.fingerprint);
  other.set(Buffer.from("0".repeat(64)), at);
  await assert.rejects(mesh.reload(other, {}), code("model-mismatch"));
  assert.equal((await mesh.route("draw charts")).cached, "exact");
  await mesh.reload(other, { model: null });
  assert.equal(await mesh.semanticReady, false);
});

test("vectors come in spite of a steady stream of changes and queries", async () => {
  const mesh = await opened(built(cards), { model });
  const long = { id: "long", title: "Long", instruction_text: Array.from({ length: 6 }, (_, n) => `## Part ${n}\n\n${`word${n} `.repeat(150)}\n`).join("") };
  const upserted = mesh.upsert([long]);
  let isDone = false;
  upserted.then(() => (isDone = true));
  for (let n = 0; n < 100 && !isDone; n++) {
    await mesh.remove("unknown");
    await mesh.retrieve("charts", { mode: "sparse" });
    await pause(20);
  }
  assert.ok(isDone);
  assert.ok(mesh.stats().passages > 5);
});

test("an upsert on the heels of a reload is on top of it", async () => {
  for (let ticks = 0; ticks < 8; ticks++) {
    const mesh = await opened(built(cards, "--no-dense"));
    await mesh.remove("unknown");
    const reloading = mesh.reload(built([cards[1]], "--no-dense"));
    for (let n = 0; n < ticks; n++) await null;
    const upserting = mesh.upsert([docker]);
    await Promise.all([reloading, upserting]);
    const left = mesh.cards().map((card) => card.id).join();
    assert.ok(["docker,files", "files"].includes(left), left);
  }
});

test("the reload that was called last wins", async () => {
  const mesh = await opened(built(cards, "--no-dense"));
  const later = (bytes, time) => pause(time).then(() => bytes);
  const [slow, fast] = [built([docker], "--no-dense"), built([cards[0]], "--no-dense")];
  await Promise.all([mesh.reload(later(slow, 60)), mesh.reload(later(fast, 10))]);
  assert.deepEqual(mesh.cards().map((card) => card.id), ["git"]);
});

test("a listener that fails later harms nobody, and keeps its list to itself", async () => {
  const mesh = await opened(built(cards, "--no-dense"));
  const { error } = console;
  const [told, heard] = [[], []];
  console.error = (what) => told.push(what.message);
  mesh.onChange(async (changes) => {
    changes.added.length = 0;
    throw new Error("later");
  });
  mesh.onChange(({ added }) => heard.push(...added));
  await mesh.upsert([docker]);
  await pause(300);
  console.error = error;
  assert.deepEqual([told, heard], [["later"], ["docker"]]);
});

test("what was freed says so", async () => {
  const mesh = await SkillMesh.load(built(cards, "--no-dense"));
  const { hits } = await mesh.retrieve("charts");
  const upserting = mesh.upsert([docker]);
  mesh.free();
  await assert.rejects(upserting, code("freed"));
  await assert.rejects(mesh.upsert([docker]), code("freed"));
  assert.throws(() => hits[0].explain, code("freed"));
  const semantic = await SkillMesh.load(built(cards), { model });
  await semantic.semanticReady;
  const many = Array.from({ length: 60 }, (_, n) => ({ ...docker, id: `docker-${n}`, title: `Ship ${n} containers` })); // more than are embedded by then
  const embedding = semantic.upsert(many);
  await pause(20);
  semantic.free();
  await assert.rejects(embedding, code("freed"));
});
