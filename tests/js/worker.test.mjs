// Is everything the same where it runs in a worker?
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { DocSearch, Embedder, SkillMesh, SkillMeshError, fileStore, init } from "skillmesh";
import { openSite, openTab } from "./site.mjs";

const [snapshot, model] = [process.env.SKILLMESH_SNAPSHOT, process.env.SKILLMESH_MODEL];
const folder = mkdtempSync(join(tmpdir(), "skillmesh-worker-"));
const documents = join(folder, "docs.msgpack");
const code = (expected) => (error) => error instanceof SkillMeshError && error.code === expected;

let site;
const open = [];
before(async () => {
  writeFileSync(join(folder, "leave.md"), "# Leave\n\nHoliday requests go to your team.\n");
  execFileSync(process.env.SKILLMESH_CLI, ["ingest", join(folder, "leave.md"), "--out", documents], { stdio: "pipe" });
  site = await openSite();
  site.files.set("/docs.msgpack", readFileSync(documents));
});
after(async () => {
  open.forEach((one) => one.free());
  await site.close();
  rmSync(folder, { recursive: true });
});

async function opened(Class, source, options) {
  const one = await Class.load(source, options);
  open.push(one);
  return one;
}

/** What a mesh and a search answer, wherever they live; the same steps for pages and Node. */
async function answers({ SkillMesh, DocSearch }, [snapshot, model, documents], worker) {
  const heard = [];
  const mesh = await SkillMesh.load(snapshot, { model, worker, onProgress: ({ what }) => heard.push(what) });
  const docs = await DocSearch.load(documents, { model, worker: worker && mesh.worker });
  const ready = [await mesh.semanticReady, await docs.semanticReady];
  const plain = ({ hits, ...rest }) => JSON.stringify([rest, hits.map((hit) => ({ ...hit }))]);
  const retrieved = [plain(await mesh.retrieve("blur faces in a video. Then count coins.")), plain(await mesh.retrieve("heatmap", { mode: "sparse", topK: 5 }))];
  const blocks = [await mesh.emit("claude", "seaborn heatmap"), await mesh.emit("claude", "days off", { docs, topK: 1 }), await docs.emit("codex", "holiday")];
  const asked = [];
  const llm = async (task, { signal }) => void asked.push([task, signal?.aborted]) ?? { selected_skills: ["web.flask"], confidence: 0.9 };
  const route = [await mesh.route("serve a page", { llm, signal: new AbortController().signal }), await mesh.route("serve a  page", { llm })];
  const loaded = [];
  const { failed, ...plan } = await mesh.autoRoute("opencv contour detection", { loaded: new Set().values(), load: (id) => { if (loaded.push(id) === 1) throw new TypeError("no network"); } });
  const changes = [];
  const end = await mesh.onChange((change) => changes.push(change));
  await mesh.upsert([{ id: "new.skill", title: "Zeppelin maintenance" }]);
  const found = plain(await mesh.retrieve("zeppelin", { topK: 1 }));
  await new Promise((told) => setTimeout(told, 400));
  await end();
  const gone = await mesh.remove("new.skill");
  const live = await new Promise((answered) => {
    const all = [];
    docs.live(({ mode, pages }) => all.push([mode, pages.map(({ title }) => title)]) === 2 && answered(all), { delay: 1 }).search("holiday");
  });
  const bytes = (await mesh.snapshot()).length;
  const [cards, card, stats] = [await mesh.cards(), await mesh.card("web.flask"), await mesh.stats()];
  const said = { ready, retrieved, blocks, asked, route, loaded, failed: failed.map(({ id, error }) => [id, error.name, error.message]), plan, changes, found, gone, live, bytes, cards, card, stats, parts: await mesh.queryParts("a b") };
  [mesh, docs].forEach((one) => one.free());
  return JSON.parse(JSON.stringify({ ...said, progress: [...new Set(heard)].sort() }));
}

test("in Node a worker answers as this thread does", async () => {
  const sources = [snapshot, model, documents];
  const [local, remote] = [await answers({ SkillMesh, DocSearch }, sources), await answers({ SkillMesh, DocSearch }, sources, true)];
  assert.deepEqual(remote, local);
  assert.deepEqual([remote.asked, remote.failed[0].slice(1), remote.live.map(([mode]) => mode), remote.changes.length], [[["serve a page", false]], ["TypeError", "no network"], ["sparse", "hybrid"], 1]);
});

test("in Chromium a worker answers as the page does, under a strict policy", async () => {
  const context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const step = `(worker) => (${answers})({ SkillMesh, DocSearch }, ["/registry.msgpack", "model.msgpack", new URL("/docs.msgpack", location)], worker)`;
  const [local, remote] = [await tab.evaluate(`(${step})(undefined)`), await tab.evaluate(`(${step})(true)`)];
  assert.deepEqual(remote, local);
  assert.deepEqual(remote.progress, ["model", "snapshot"]);
  assert.equal(tab.workers().length, 0, "free ends the worker");
  await context.close();
});

test("a page goes on while a worker embeds, and downloads are kept there too", async () => {
  const context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const seen = await tab.evaluate(async () => {
    const stored = [];
    const onProgress = ({ received, total, stored: kept, url }) => received === total && stored.push([new URL(url).pathname, kept]);
    const mesh = await SkillMesh.load("/registry.msgpack", { worker: true, model: "/model.msgpack", cache: true, onProgress });
    await mesh.semanticReady;
    let [ticks, frames] = [0, 0];
    const timer = setInterval(() => ticks++, 4);
    const frame = () => { frames++; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
    await mesh.retrieve("Draw a map of the sales in each town and mail it to Ann. ".repeat(16), { mode: "hybrid" });
    clearInterval(timer);
    return { ticks, frames, stored: stored.sort() };
  });
  assert.ok(seen.ticks > 3 && seen.frames > 1, JSON.stringify(seen));
  assert.deepEqual(seen.stored, [["/model.msgpack", true], ["/registry.msgpack", true]]);
  await context.close();
});

test("errors arrive as they were thrown", async () => {
  const mesh = await opened(SkillMesh, snapshot, { worker: true, model: null });
  await assert.rejects(mesh.retrieve("x", { mode: "fuzzy" }), code("invalid-argument"));
  await assert.rejects(mesh.retrieve("x", { mode: "hybrid" }), code("no-model"));
  await assert.rejects(mesh.emit("claude", "x", { topK: Symbol("odd") }), code("invalid-argument"));
  await assert.rejects(mesh.upsert([{ id: "" }]), (error) => error instanceof SkillMeshError);
  await assert.rejects(mesh.route("x y", { llm: async () => { throw Object.assign(new RangeError("too much"), { limit: 7, cause: new Error("deep") }); } }),
    ({ name, message, limit, cause }) => name === "RangeError" && message === "too much" && limit === 7 && cause.message === "deep");
  const odd = Object.assign(new Error("odd"), { sign: Symbol("odd") });
  await assert.rejects(mesh.route("x z", { llm: () => Promise.reject(odd) }), { message: "odd" });
  await assert.rejects(SkillMesh.load("/no/such/file", { worker: true }), code("io"));
  await assert.rejects(SkillMesh.load(snapshot, { worker: true, modle: 1 }), /there is no option `modle`/);
  await assert.rejects(SkillMesh.load(new Uint8Array(3), { worker: true }), code("snapshot-format"));
  await assert.rejects(SkillMesh.load(snapshot, { worker: 7 }), /^SkillMeshError: worker: expected true, a URL or a Worker, got number/);
  const cyclic = { id: "x" };
  cyclic.metadata = { cyclic };
  await assert.rejects(mesh.upsert([cyclic]), code("invalid-argument"));
  assert.equal((await mesh.retrieve("heatmap")).mode, "sparse");
});

/** A model on this side, so that a test sees what is embedded. */
async function watched(embedder, embed) {
  return opened(SkillMesh, snapshot, { worker: true, model: { embed, fingerprint: embedder.fingerprint }, onError: () => {} });
}

test("a model on this side embeds for the worker, and a signal ends what waits and keeps what has not begun from beginning", async () => {
  const embedder = await opened(Embedder, model);
  const begun = [];
  const leaving = [];
  const mesh = await watched(embedder, async (text, { signal }) => {
    begun.push(text);
    signal?.addEventListener("abort", () => leaving.push(text));
    return text === "slow" ? pause(60_000, null, { ref: false }) : embedder.embed(text);
  });
  await mesh.semanticReady;
  assert.equal((await mesh.retrieve("opencv contour detection")).mode, "hybrid");
  const reason = new Error("enough");
  const leave = new AbortController();
  const slow = mesh.retrieve("slow", { mode: "dense", signal: leave.signal });
  while (!begun.includes("slow")) await pause(1);
  const busy = mesh.retrieve("word ".repeat(100_000), { mode: "sparse" });
  const never = mesh.retrieve("never", { mode: "dense", signal: leave.signal });
  leave.abort(reason);
  for (const answer of [slow, never, mesh.retrieve("never", { signal: leave.signal })]) await assert.rejects(answer, (error) => error === reason);
  await busy;
  assert.equal((await mesh.retrieve("after", { mode: "dense", signal: new AbortController().signal })).mode, "dense");
  await pause(20);
  assert.deepEqual([begun.includes("never"), leaving], [false, ["slow"]]);
  await assert.rejects(mesh.retrieve("x", { signal: {} }), code("invalid-argument"));
});

test("bytes are copied, or handed over for good where the caller says so", async () => {
  const [kept, handed] = [new Uint8Array(readFileSync(snapshot)), new Uint8Array(readFileSync(snapshot))];
  await opened(SkillMesh, kept, { worker: true });
  const mesh = await opened(SkillMesh, { bytes: handed, transfer: true }, { worker: true, model: { bytes: new Uint8Array(readFileSync(model)), transfer: true } });
  assert.deepEqual([kept.length > 0, handed.length, await mesh.semanticReady], [true, 0, true]);
  await mesh.reload(new Response(readFileSync(snapshot)), { model: Promise.resolve(readFileSync(model)) });
  assert.deepEqual(Buffer.from(await mesh.snapshot()), readFileSync(snapshot));
  await assert.rejects(SkillMesh.load(snapshot, { worker: true, model: await opened(Embedder, model) }).then((mesh) => mesh.semanticReady), /an Embedder can't leave its thread/);
});

test("what was learnt is kept in stores on this side, whoever else writes there", async () => {
  const [one, other] = [await opened(SkillMesh, snapshot, { worker: true }), await opened(SkillMesh, snapshot)];
  const store = fileStore(join(folder, "learnt.msgpack"));
  await one.recordOutcome({ query: "serve", skill: "web.flask", success: true, now: 1 });
  await one.syncState(store, { now: 2 });
  await other.recordOutcome({ query: "blur", skill: "web.flask", success: false, now: 1 });
  await other.syncState(store, { now: 2 });
  let writes = 0;
  const busy = { update: (change) => store.update((kept) => (writes++ === 1 ? other.exportState() : change(kept))) };
  await one.syncState(busy, { now: 2 });
  assert.deepEqual([...(await one.exportState())], [...other.exportState()]);
  await one.importState(join(folder, "learnt.msgpack"));
  assert.equal((await one.cacheStats()).entries, 0);
});

test("a search and a mesh meet only in one worker", async () => {
  const worker = new Worker(new URL(import.meta.resolve("skillmesh/worker")));
  const [mesh, docs] = [await SkillMesh.load(snapshot, { worker }), await DocSearch.load(documents, { worker })];
  assert.match(await mesh.emit("claude", "holiday", { docs }), /Holiday requests/);
  const [local, elsewhere, here] = [await opened(SkillMesh, snapshot), await opened(DocSearch, documents, { worker: true }), await opened(DocSearch, documents)];
  for (const docs of [elsewhere, here]) await assert.rejects(mesh.emit("claude", "x", { docs }), /^SkillMeshError: docs: this DocSearch does not live in the worker of the mesh/);
  await assert.rejects(local.emit("claude", "x", { docs }), /^SkillMeshError: docs: this DocSearch lives in a worker, and the mesh does not/);
  await assert.rejects(mesh.emit("claude", "x", { docs: {} }), /docs: expected a DocSearch/);
  mesh.free();
  await assert.rejects(mesh.retrieve("x"), code("freed"));
  assert.equal((await docs.search("holiday")).total, 1, "a worker that the caller made stays");
  docs.free();
  await worker.terminate();
});

test("a worker that dies, or never lived, rejects everything with its code", async () => {
  const mesh = await SkillMesh.load(snapshot, { worker: true, model });
  const waiting = mesh.retrieve("x", { mode: "hybrid" });
  mesh.worker.terminate();
  await assert.rejects(waiting, code("worker"));
  await assert.rejects(mesh.stats(), { code: "worker", message: "the worker has ended; load again what was in it" });
  await assert.rejects(SkillMesh.load(snapshot, { worker: new URL("file:///no/such/worker.js") }), /^SkillMeshError: the worker could not start: Cannot find module '.no.such.worker.js'$/);
  mesh.free();
  const context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const seen = await tab.evaluate(async () => {
    const failed = (promise) => promise.then(() => "fine", ({ code, message }) => `${code}: ${message}`);
    const mesh = await SkillMesh.load("/registry.msgpack", { worker: true });
    const dead = failed(mesh.retrieve("x", { mode: "hybrid", signal: new AbortController().signal }));
    mesh.worker.terminate();
    const made = new Worker("/skillmesh/worker.js", { type: "module" });
    const other = await SkillMesh.load("/registry.msgpack", { worker: made });
    made.terminate();
    return [await dead, await failed(mesh.stats()), await failed(other.stats()), await failed(SkillMesh.load("/registry.msgpack", { worker: "/missing.js" }))];
  });
  for (const said of seen.slice(0, 3)) assert.match(said, /^worker: the worker has ended|^no-model/);
  assert.match(seen[3], /^worker: the worker could not start: its script was not found/);
  await context.close();
});

test("what a worker throws outside of calls ends it in Node, and is told; where wasm files are it knows from init", async () => {
  writeFileSync(join(folder, "own.mjs"), `import { parentPort } from "node:worker_threads"; import ${JSON.stringify(import.meta.resolve("skillmesh/worker"))};
    parentPort.on("message", (said) => { if (said === "die") throw new Error("on its own"); });`);
  const worker = new Worker(join(folder, "own.mjs"));
  const mesh = await SkillMesh.load(snapshot, { worker });
  init({ index: new Uint8Array([1, 2, 3]) });
  const told = await opened(SkillMesh, snapshot, { worker: true });
  init({ index: readFileSync(new URL(import.meta.resolve("skillmesh/skillmesh_index_bg.wasm"))) });
  await assert.rejects(told.upsert([{ id: "x" }]), /expected a wasm file: .*init\(\{ index: URL \}\)/);
  const waiting = mesh.route("x", { llm: () => worker.postMessage("die") ?? new Promise(() => {}) });
  await assert.rejects(waiting, { code: "worker", message: "the worker has ended: on its own; load again what was in it" });
  mesh.free();
});

test("free ends the worker, what waits says so, and nobody who forgets it keeps Node alive", async () => {
  const mesh = await SkillMesh.load(snapshot, { worker: true, model });
  const waiting = mesh.retrieve("x", { mode: "dense" });
  const exited = new Promise((exited) => mesh.worker.on("exit", exited));
  mesh.free();
  mesh.free();
  await assert.rejects(waiting, code("freed"));
  await exited;
  await assert.rejects(mesh.stats(), code("freed"));
  const script = `import { SkillMesh } from "skillmesh"; const mesh = await SkillMesh.load(${JSON.stringify(snapshot)}, { worker: true }); console.log((await mesh.stats()).cards)`;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname, encoding: "utf8", timeout: 60_000 });
  assert.deepEqual([stdout.trim(), status], ["62", 0]);
});

test("cards come out in a worker as they do here, whatever they hold", async () => {
  const metadata = { when: new Date(0), url: new URL("http://x/y"), set: new Set([1]), map: new Map([["a", 1]]), none: undefined, odd: [NaN, () => {}] };
  const upserted = async (worker) => {
    const mesh = await opened(SkillMesh, snapshot, { worker });
    await mesh.upsert([{ id: "aa", title: "Aa", metadata }]);
    const wrong = [undefined, [{ id: 1n }], [{ id: "b", metadata: { toJSON() { throw new RangeError("no"); } } }]];
    const failed = (cards) => mesh.upsert(cards).then(() => "taken", ({ code, message }) => [code, message]);
    return [(await mesh.card("aa")).metadata, await Promise.all(wrong.map(failed))];
  };
  const [here, there] = [await upserted(), await upserted(true)];
  assert.deepEqual([here[0].when, here[0].set], ["1970-01-01T00:00:00.000Z", {}]);
  assert.deepEqual(there, here);
});

/** How a process of its own ends that runs these lines. */
function ended(lines) {
  const script = `import { readFileSync } from "node:fs"; import { DocSearch, Embedder, SkillMesh, init } from "skillmesh"; const [snapshot, wasm] = ${JSON.stringify([snapshot, import.meta.resolve("skillmesh/skillmesh_bg.wasm")])};\n${lines}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname, encoding: "utf8", timeout: 60_000 });
  return [stdout.trim(), stderr, status];
}

test("a promise that fails before it is needed disturbs nobody who awaits what it was for", () => {
  const late = "const late = () => new Promise((come) => setTimeout(come, 200, readFileSync(snapshot)));";
  const bad = "const bad = () => Promise.reject(new Error('gone'));";
  const told = "const told = (promise) => promise.catch(({ message }) => console.log(message));";
  const cases = {
    load: "const mesh = await SkillMesh.load(late(), { model: bad() }); await told(mesh.semanticReady);",
    worker: "const mesh = await SkillMesh.load(late(), { model: bad(), worker: true }); await told(mesh.semanticReady); mesh.free();",
    options: "await told(SkillMesh.load(bad(), { modle: 1, model: bad() }).catch(() => bad()));",
    build: "await told(SkillMesh.build([late().then((bytes) => ({ path: 'a.bin', bytes }))], { model: bad() }));",
    reload: "const mesh = await SkillMesh.load(late(), { worker: true }); await told(mesh.reload(late(), { model: bad() })); mesh.free();",
    docs: "await told(DocSearch.load(late(), { model: bad(), skillz: [] }).catch(() => bad()));",
  };
  for (const [name, lines] of Object.entries(cases)) assert.deepEqual(ended([late, bad, told, lines].join("\n")), ["gone", "", 0], name);
});

test("a Response that init was given serves this thread and every worker", () => {
  for (const [type, kinds] of [["application/wasm", [true, undefined]], ["application/wasm", [undefined, true]], ["text/plain", [true, true, undefined]]]) {
    const lines = kinds.map((worker) => `{ const mesh = await SkillMesh.load(snapshot, { worker: ${worker} }); console.log((await mesh.stats()).cards); mesh.free(); }`);
    const given = `init({ core: Promise.resolve(new Response(readFileSync(new URL(wasm)), { headers: { "content-type": "${type}" } })) });`;
    assert.deepEqual(ended([given, ...lines].join("\n")), [kinds.map(() => "62").join("\n"), "", 0], `${type} ${kinds}`);
  }
});

test("a worker that is gone, or that knows nothing of this package, is told of instead of waited for", async () => {
  const gone = { code: "worker", message: "worker: this one has ended with the last that used it; pass true, a URL or another Worker" };
  const silent = { code: "worker", message: "the worker does not answer: does its script import skillmesh/worker, and does it still run?" };
  const mesh = await SkillMesh.load(snapshot, { worker: true });
  mesh.free();
  await assert.rejects(SkillMesh.load(snapshot, { worker: mesh.worker }), gone);
  writeFileSync(join(folder, "other.mjs"), "setInterval(() => {}, 1000);");
  const other = new Worker(join(folder, "other.mjs"));
  site.files.set("/other.js", "");
  const context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const inTab = tab.evaluate(async () => {
    const mesh = await SkillMesh.load("/registry.msgpack", { worker: true });
    mesh.free();
    const workers = [mesh.worker, new Worker("/other.js", { type: "module" })];
    return Promise.all(workers.map((worker) => SkillMesh.load("/registry.msgpack", { worker }).catch(({ code, message }) => ({ code, message }))));
  });
  await Promise.all([other, join(folder, "other.mjs")].map((worker) => assert.rejects(SkillMesh.load(snapshot, { worker }), silent)));
  assert.deepEqual(await inTab, [gone, silent]);
  await Promise.all([other.terminate(), context.close()]);
});

test("options may be null, here and there", async () => {
  (await SkillMesh.load(snapshot, null)).free();
  (await DocSearch.load(documents, null)).free();
  (await Embedder.load(model, null)).free();
});
