// May a caller embed with a function of its own, and does what it says stay with the snapshot it is for?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DocSearch, Embedder, SkillMesh, SkillMeshError } from "skillmesh";

const snapshot = readFileSync(process.env.SKILLMESH_SNAPSHOT);
const question = "opencv contour detection";
const folder = mkdtempSync(join(tmpdir(), "skillmesh-model-"));
const run = (...args) => execFileSync(process.env.SKILLMESH_CLI, args, { stdio: ["ignore", "pipe", "pipe"] });
const code = (expected) => (error) => error instanceof SkillMeshError && error.code === expected;

let embedder;
const open = [];
before(async () => (embedder = await Embedder.load(process.env.SKILLMESH_MODEL)));
after(() => {
  [...open, embedder].forEach((one) => one.free());
  rmSync(folder, { recursive: true });
});

/** The real model behind a function that takes its time, or does what a test wants of it. */
const service = (embed = async (text) => (await pause(5), [...embedder.embed(text)])) => ({ embed, fingerprint: embedder.fingerprint, dimensions: 384 });

async function opened(model, options) {
  const mesh = await SkillMesh.load(snapshot, { model, ...options });
  open.push(mesh);
  await mesh.semanticReady;
  return mesh;
}
const rows = ({ mode, hits }) => [mode, hits.map(({ id, score }) => [id, score.toFixed(5)])];

test("a service's vectors give the answers that the model's own give, in every call", async () => {
  const [own, local] = [await opened(Promise.resolve(service())), await opened(embedder)];
  for (const options of [{}, { mode: "dense" }, { mode: "hybrid", topK: 9 }]) {
    assert.deepEqual(rows(await own.retrieve(question, options)), rows(await local.retrieve(question, options)));
  }
  assert.equal(await own.emit("claude", question), await local.emit("claude", question));
  const { markdown, ...route } = await own.route(question);
  assert.deepEqual(route, (({ markdown, ...same }) => same)(await local.route(question)));
  const card = { id: "new.skill", title: "Zeppelin", description: "maintain zeppelins" };
  await Promise.all([own.upsert([card]), local.upsert([card])]);
  assert.deepEqual(own.snapshot(), local.snapshot());
});

test("a query that is asked again at once, such as to emit what was retrieved, is embedded once", async (t) => {
  const mesh = await opened(embedder);
  const { mock } = t.mock.method(Embedder.prototype, "embed");
  const [{ hits }, block] = [await mesh.retrieve(question), await mesh.emit("claude", question, { mode: "hybrid" })];
  assert.ok(block.includes(hits[0].title));
  assert.equal(mock.callCount(), mesh.queryParts(question).length);
  await mesh.retrieve("blur faces in a video");
  assert.equal(mock.callCount(), mesh.queryParts(question).length + 1);
});

test("the texts of a query are embedded at once", async () => {
  let [running, most] = [0, 0];
  const mesh = await opened(service(async (text) => {
    most = Math.max(most, ++running);
    await pause(5);
    running--;
    return embedder.embed(text);
  }));
  const query = "Draw a map. Mail it to Ann.";
  await mesh.retrieve(query);
  assert.deepEqual([most, mesh.queryParts(query).length], [3, 3]);
});

test("a model that is another, or says nothing of itself, is refused", async () => {
  const failed = async (model) => (await SkillMesh.load(snapshot, { model })).semanticReady.catch((error) => error);
  assert.equal((await failed({ ...service(), fingerprint: "0".repeat(64) })).code, "model-mismatch");
  const sized = await failed({ ...service(), dimensions: 768 });
  assert.deepEqual([sized.code, sized.message], ["model-mismatch", "model: expected 384 dimensions, as the snapshot's vectors have, got 768"]);
  assert.match((await failed({ embed: () => [] })).message, /^model: expected `fingerprint` beside `embed`/);
  const mesh = await opened(service());
  await assert.rejects(mesh.reload(snapshot, { model: { ...service(), dimensions: 1 } }), code("model-mismatch"));
  assert.equal((await mesh.retrieve(question)).mode, "hybrid");
});

test("what is no vector is refused, and a failure is the query's where meaning was asked for", async () => {
  const said = [
    [() => [1, 2], "expected 384 finite numbers, got 2"],
    [() => undefined, "expected 384 finite numbers, got undefined"],
    [() => "x".repeat(384), "expected 384 finite numbers, got string"],
    [() => Array(384).fill(NaN), "expected 384 finite numbers, got 384 with NaN at 0"],
    [async () => { throw new Error("quota is used up"); }, "quota is used up"],
    [() => { throw "odd"; }, "odd"],
  ];
  for (const [embed, message] of said) {
    const heard = [];
    const mesh = await opened(service(embed), { onError: (error) => heard.push(error) });
    for (const mode of ["hybrid", "dense"]) await assert.rejects(mesh.retrieve(question, { mode }), { code: "embed", message: `model.embed: ${message}` });
    assert.equal(heard.length, 0);
    const { mode, hits } = await mesh.retrieve(question);
    assert.deepEqual([mode, hits[0].id, heard.map((error) => error.message)], ["sparse", "cv.opencv-image-processing", [`model.embed: ${message}`]], "keywords answer, and somebody hears why");
    assert.match(await mesh.emit("claude", question), /OpenCV/i);
    await assert.rejects(mesh.upsert([{ id: "x", title: "Xylophone" }]), code("embed"));
    assert.equal((await mesh.retrieve("xylophone")).hits[0].id, "x", "its words are there");
  }
  await assert.rejects(SkillMesh.load(snapshot, { onError: 7 }), /^SkillMeshError: onError: expected a function, got number/);
});

test("a signal ends the wait for a vector, and reaches the function", async () => {
  let reached;
  const mesh = await opened(service((text, { signal }) => new Promise(() => signal.addEventListener("abort", () => (reached = true)))), { onError: assert.fail });
  for (const mode of ["auto", "dense"]) {
    reached = false;
    const leave = new AbortController();
    setTimeout(() => leave.abort(new Error("enough")), 5);
    await assert.rejects(mesh.retrieve(question, { mode, signal: leave.signal }), { message: "enough" });
    assert.ok(reached);
  }
});

/** A snapshot of one card whose vectors claim to be of another model. */
async function foreign(fingerprint) {
  writeFileSync(join(folder, "one.json"), JSON.stringify([{ id: "docker", title: "Docker", description: "run containers" }]));
  run("build", join(folder, "one.json"), "--out", join(folder, "one.msgpack"));
  const bytes = readFileSync(join(folder, "one.msgpack"));
  bytes.set(Buffer.from(fingerprint), bytes.indexOf(embedder.fingerprint));
  const { message } = await SkillMesh.load(bytes, { verify: true }).catch((error) => error);
  const [right, wrong] = message.match(/[0-9a-f]{8}/g).map((hex) => Buffer.from(hex, "hex"));
  bytes.set(right, bytes.indexOf(wrong));
  return bytes;
}

test("a vector never meets a snapshot of another model, whatever is reloaded while it is on its way", async () => {
  const asked = [];
  let go;
  const held = new Promise((resume) => (go = resume));
  const slow = service(async (text) => (asked.push("old"), await held, embedder.embed(text)));
  const other = { fingerprint: "f".repeat(64), embed: async (text) => (asked.push(text), embedder.embed(text)) };
  const mesh = await opened(slow);
  const answer = mesh.retrieve("run containers", { mode: "hybrid" });
  const block = mesh.emit("claude", "run containers", { mode: "hybrid" });
  await pause(5);
  await mesh.reload(await foreign(other.fingerprint), { model: other });
  await mesh.upsert([{ id: "git", title: "Git" }]);
  go();
  assert.deepEqual((await answer).hits.map((hit) => hit.id).sort(), ["docker", "git"]);
  assert.match(await block, /Docker/);
  const again = asked.filter((text) => text === "run containers");
  assert.equal(again.length, 2, "both are embedded again by the model of what answers them");
});

test("cards get no vectors of a model that was replaced while it embedded them", async () => {
  let go;
  const held = new Promise((resume) => (go = resume));
  const mesh = await opened(service(async (text) => (await held, embedder.embed(text))));
  const card = { id: "new.skill", title: "Zeppelin maintenance" };
  const first = mesh.upsert([card]);
  await pause(5);
  const turned = (text) => embedder.embed(text).map((number) => -number);
  const other = { fingerprint: "e".repeat(64), embed: async (text) => turned(text) };
  await mesh.reload(await foreign(other.fingerprint), { model: other });
  const second = mesh.upsert([card]);
  go();
  await Promise.all([first, second]);
  const { hits } = await mesh.retrieve("x", { mode: "dense", topK: 9, vector: turned("Zeppelin maintenance") });
  assert.deepEqual([hits[0].id, hits[0].dense_score > 0.9], ["new.skill", true]);
});

test("documents are searched with it too, beside skills that have another", async () => {
  writeFileSync(join(folder, "leave.md"), "# Leave\n\nHoliday requests go to your team.\n");
  run("ingest", join(folder, "leave.md"), "--out", join(folder, "docs.msgpack"));
  const docs = await DocSearch.load(join(folder, "docs.msgpack"), { model: service() });
  open.push(docs);
  assert.equal((await docs.search("days off work", { mode: "hybrid" })).pages[0].title, "Leave");
  const mesh = await opened(embedder);
  assert.match(await mesh.emit("claude", "days off work", { docs, mode: "dense" }), /Holiday requests/);
});

test("a vector counts by its direction, however long it is, and none without one is taken", async () => {
  const times = (factor) => service(async (text) => embedder.embed(text).map((number) => number * factor));
  const card = { id: "new.skill", title: "Zeppelin", description: "maintain zeppelins" };
  const answers = async (factor) => {
    const mesh = await opened(times(factor));
    await mesh.upsert([card]);
    const own = Float32Array.from(mesh.queryParts(question).flatMap((part) => [...embedder.embed(part)].map((number) => number * factor)));
    const [found, brought] = [await mesh.retrieve(question, { mode: "dense" }), await mesh.retrieve(question, { mode: "dense", vector: own })];
    const { selected_skills, confidence } = await mesh.route("maintain zeppelins", { vector: own });
    const sure = [found, brought].map((answer) => answer.confidence.value.toFixed(5));
    return [rows(found), rows(brought), sure, selected_skills, confidence.toFixed(5), rows(await mesh.retrieve("airship", { mode: "dense" }))];
  };
  const right = await answers(1);
  for (const factor of [0.01, 20]) assert.deepEqual(await answers(factor), right, `times ${factor}`);
  const none = await opened(times(0), { onError: () => {} });
  const nothing = (what) => ({ code: "embed", message: `${what}: expected a vector with a direction, got nothing but zeros` });
  await assert.rejects(none.retrieve(question, { mode: "hybrid" }), nothing("model.embed"));
  await assert.rejects(none.upsert([card]), nothing("model.embed"));
  for (const call of [(vector) => none.retrieve("x", { vector }), (vector) => none.route("x", { vector })]) {
    await assert.rejects(call(new Float32Array(384)), nothing("vector"));
  }
  await assert.rejects(none.recordOutcome({ query: "x", vector: new Float32Array(384), skill: "web.flask", success: true }), nothing("vector"));
});

test("what a model says of itself is looked at before anything is asked of it", async () => {
  const said = [
    [{ fingerprint: "" }, /^model: expected `fingerprint` beside `embed`/],
    [{ name: 5 }, "model: name: expected a string, got number"],
    [{ dimensions: "384" }, "model: dimensions: expected a whole number from 1 on, got string"],
    [{ dimensions: 1.5 }, "model: dimensions: expected a whole number from 1 on, got 1.5"],
  ];
  for (const [odd, message] of said) {
    const model = { ...service(), ...odd };
    await assert.rejects(SkillMesh.load(snapshot, { model }).then((mesh) => mesh.semanticReady), { code: "invalid-argument", message });
    await assert.rejects(SkillMesh.build([{ path: "a.md", text: "A" }], { model }), { code: "invalid-argument", message });
  }
});

test("a page of HTML in place of a model or snapshot is called what it is", async () => {
  const page = join(folder, "index.html");
  writeFileSync(page, "\n<!DOCTYPE html><title>Not found</title>");
  await assert.rejects(Embedder.load(page), { code: "model-format", message: `model: ${page}: expected a model pack, got a page of HTML; check the address` });
  const bytes = readFileSync(page);
  for (const source of [bytes, { bytes }, new Response(bytes)]) {
    await assert.rejects(SkillMesh.load(source), { code: "snapshot-format", message: "snapshot: expected a snapshot, got a page of HTML; check the address" });
  }
});

test("what the package of the model names is there in every development server", async () => {
  const moved = join(folder, "node_modules/.vite/deps");
  mkdirSync(moved, { recursive: true });
  const source = readFileSync(new URL("../../pkg-templates/model-minilm/index.js", import.meta.url));
  for (const [place, expected] of [[moved, join(folder, "node_modules/skillmesh-model-minilm/minilm.msgpack")], [folder, join(folder, "minilm.msgpack")]]) {
    writeFileSync(join(place, "index.mjs"), source);
    const { minilm } = await import(join(place, "index.mjs"));
    assert.equal(fileURLToPath(minilm), expected);
  }
});
