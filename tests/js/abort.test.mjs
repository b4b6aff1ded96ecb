// Can what takes long be called off, and does nothing of it stay?
import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DocSearch, Embedder, SkillMesh } from "skillmesh";
import { Handed, Link } from "./node_modules/skillmesh/link.js";

const [snapshot, model] = [readFileSync(process.env.SKILLMESH_SNAPSHOT), readFileSync(process.env.SKILLMESH_MODEL)];
const reason = new Error("enough");
const left = (error) => error === reason;
const sameWords = { message: "enough" };

/** A server that sends the first bytes of what it is asked for, and then nothing. */
let server, origin;
before(async () => {
  server = createServer((_, response) => void response.writeHead(200, { "content-length": 1_000_000 }).write("first")).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.closeAllConnections() ?? server.close());

/** How `begin(url, signal)` ends when it is called off in the middle of its download, which ends too. */
async function calledOff(begin, leave) {
  const controller = new AbortController();
  const asked = once(server, "request");
  const begun = begin(`${origin}/slow.msgpack`, controller.signal);
  begun.catch(() => {});
  const [request] = await asked;
  const closed = once(request.socket, "close");
  await new Promise((some) => setTimeout(some, 20));
  (leave ?? (() => controller.abort(reason)))();
  await closed;
  assert.equal(getEventListeners(controller.signal, "abort").length, 0, "nothing listens any more");
  return begun;
}

test("a load, a build and a model are called off with the reason, and so are their downloads", async () => {
  const files = [{ path: "a.md", text: "---\nname: a\ndescription: A\n---\n" }];
  const calls = {
    mesh: (url, signal) => SkillMesh.load(url, { signal }),
    docs: (url, signal) => DocSearch.load(url, { signal }),
    model: (url, signal) => Embedder.load(url, { signal }),
    build: (url, signal) => SkillMesh.build(files, { signal, model: url }),
    semantic: (url, signal) => SkillMesh.load(snapshot, { signal, model: url }).then((mesh) => mesh.semanticReady),
  };
  for (const [name, call] of Object.entries(calls)) await assert.rejects(calledOff(call), left, name);
  for (const call of Object.values(calls)) await assert.rejects(call(snapshot, AbortSignal.abort(reason)), left);
  for (const call of Object.values(calls)) await assert.rejects(call(snapshot, {}), { code: "invalid-argument", message: "signal: expected an AbortSignal" });
});

test("a reload that is called off leaves what was there, and a load's signal is not the reload's", async () => {
  const controller = new AbortController();
  const mesh = await SkillMesh.load(snapshot, { model, signal: controller.signal });
  await mesh.semanticReady;
  controller.abort(reason);
  await assert.rejects(calledOff((url, signal) => mesh.reload(url, { signal })), left);
  await assert.rejects(calledOff((url, signal) => mesh.reload(snapshot, { signal, model: url })), left);
  assert.equal((await mesh.retrieve("heatmap")).mode, "hybrid");
  await mesh.reload(snapshot);
  mesh.free();
});

test("a model that is not wanted any more does not come: not after the signal, nor after free", async () => {
  let mesh;
  const opened = (worker) => async (url, signal) => {
    mesh = await SkillMesh.load(snapshot, { signal, model: url, worker });
    return mesh.semanticReady;
  };
  await assert.rejects(calledOff(opened(), () => mesh.free()), { code: "freed" });
  await assert.rejects(calledOff(opened()), left);
  assert.equal((await mesh.retrieve("heatmap")).mode, "sparse");
  mesh.free();
  await assert.rejects(calledOff(opened(true)), sameWords);
  assert.equal((await mesh.retrieve("heatmap")).mode, "sparse");
  mesh.free();
});

test("in a worker a load is called off at once", async () => {
  await assert.rejects(calledOff((url, signal) => SkillMesh.load(url, { signal, worker: true })), left);
  const mesh = await SkillMesh.load(snapshot, { worker: true, model: null });
  await assert.rejects(calledOff((url, signal) => mesh.reload(url, { signal })), left);
  assert.equal((await mesh.retrieve("heatmap")).mode, "sparse");
  mesh.free();
});

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

/** What of these is still there after a while. */
async function held(refs) {
  for (let i = 0; i < 50 && refs.some((one) => one.deref()); i++) await new Promise((later) => setTimeout(later, 10)).then(gc);
  return refs.filter((one) => one.deref());
}

/** Two ends, of which this one asks. */
async function ends(served) {
  const { port1, port2 } = new MessageChannel();
  new Link(port2, served);
  const link = new Link(port1);
  await link.begun;
  return { link, close: () => port1.close() };
}

test("a call that was aborted before it began keeps nothing", async () => {
  const { link, close } = await ends(() => assert.fail("was called"));
  const aborted = AbortSignal.abort(reason);
  const refused = async (more) => {
    const llm = () => {};
    await link.call(0, { llm, ...more }).catch(() => {});
    return new WeakRef(llm);
  };
  const unpackable = new Proxy({}, { ownKeys: () => assert.fail() });
  const lent = [await refused({ signal: aborted }), await refused({ odd: Symbol("odd") }), await refused({ unpackable })];
  assert.deepEqual(await held(lent), []);
  assert.equal(getEventListeners(aborted, "abort").length, 0);
  close();
});

test("an answer that nobody waits for any more is given back", async () => {
  const answers = [];
  const { link, close } = await ends(async () => {
    await new Promise((later) => setTimeout(later, 20));
    const answer = () => {};
    answers.push(new WeakRef(answer));
    return answer;
  });
  await assert.rejects(link.call(0, { signal: AbortSignal.timeout(5) }), { name: "TimeoutError" });
  while (answers.length === 0) await new Promise((later) => setTimeout(later, 5));
  assert.deepEqual(await held(answers), []);
  close();
});

test("a part of a buffer crosses alone, and handing it over takes nothing else", async () => {
  const { link, close } = await ends(({ length, buffer }) => [length, buffer.byteLength]);
  const all = Uint8Array.from({ length: 100 }, (_, i) => i);
  assert.deepEqual(await link.call(0, all.subarray(10, 30)), [20, 20]);
  assert.deepEqual(await link.call(0, Buffer.from(all.buffer, 10, 30)), [30, 30]);
  assert.deepEqual(await link.call(0, new Float32Array(all.buffer, 4, 3)), [3, 12]);
  assert.deepEqual(await link.call(0, new Handed(all.subarray(10, 30))), [20, 20]);
  assert.deepEqual([all.length, all[99]], [100, 99]);
  assert.deepEqual(await link.call(0, new Handed(all)), [100, 100]);
  assert.equal(all.length, 0);
  close();
});

test("what is open keeps none of the bytes that it was opened from", async () => {
  const lent = async (use) => {
    const given = new Uint8Array(snapshot);
    await use(given);
    return new WeakRef(given);
  };
  let mesh;
  const loaded = await lent(async (given) => (mesh = await SkillMesh.load(given, { model: null })));
  const reloaded = await lent((given) => mesh.reload(given));
  assert.deepEqual(await held([loaded, reloaded]), []);
  assert.equal((await mesh.retrieve("heatmap")).mode, "sparse");
  mesh.free();
});
