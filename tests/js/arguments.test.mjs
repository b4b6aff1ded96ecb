// Does whoever passes the wrong thing hear of it in a sentence, wherever the method runs?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { DocSearch, Embedder, SkillMesh, SkillMeshError, cacheStore, fileStore, indexedDbStore, init, initSync, kvStore } from "skillmesh";

const snapshot = process.env.SKILLMESH_SNAPSHOT;
const declared = readFileSync(new URL("./node_modules/skillmesh/skillmesh.d.ts", import.meta.url), "utf8");
const codes = [...declared.match(/readonly code:([\s\S]*?);/)[1].matchAll(/"([\w-]+)"/g)].map(([, code]) => code);
const odd = [undefined, null, 5, 5n, true, "", Symbol("odd"), () => 5, [], [5], {}, new Date(), Object.create(null)];
let mesh, remote, embedder;

before(async () => {
  mesh = await SkillMesh.load(snapshot);
  remote = await SkillMesh.load(snapshot, { worker: true });
  embedder = await Embedder.load(process.env.SKILLMESH_MODEL);
});
after(() => [mesh, remote, embedder].forEach((one) => one.free()));

/** What calling says: nothing, or the error, which must be one of ours. */
async function said(call) {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof SkillMeshError && codes.includes(error.code), `${call}: ${error.stack}`);
    return error;
  }
}

const refusals = {
  "retrieve(5)": [(on) => on.retrieve(5), "query: expected a string, got number"],
  "retrieve(null)": [(on) => on.retrieve(null), "query: expected a string, got null"],
  "retrieve(text, 5)": [(on) => on.retrieve("x", 5), "options: expected an object, got number"],
  "retrieve(text, { vector: 5 })": [(on) => on.retrieve("x", { vector: 5 }), "vector: expected a Float32Array, got number"],
  "emit(5)": [(on) => on.emit(5), "provider: expected a string, got number"],
  "emit(provider)": [(on) => on.emit("claude"), "query: expected a string, got undefined"],
  "emit with odd docsOptions": [(on) => on.emit("claude", "x", { docsOptions: 5 }), /^docs/],
  "discover([])": [(on) => on.discover([]), "query: expected a string, got Array"],
  "suggest()": [(on) => on.suggest(), "task: expected a string, got undefined"],
  "route({})": [(on) => on.route({}), "task: expected a string, got an object"],
  "autoRoute(text, { loaded: 5 })": [(on) => on.autoRoute("x", { loaded: 5 }), "loaded: expected ids, got number"],
  "card(5)": [(on) => on.card(5), "id: expected a string, got number"],
  "queryParts(5)": [(on) => on.queryParts(5), "query: expected a string, got number"],
  "onChange(5)": [(on) => on.onChange(5), "listener: expected a function, got number"],
  "upsert(null)": [(on) => on.upsert(null), "cards: expected a list, got null"],
  "syncState({})": [(on) => on.syncState({}), "store: expected an object with a function `update`, got an object"],
  "reload('')": [(on) => on.reload(""), /^snapshot: expected a URL, path, .* got an empty text$/],
  "recordOutcome(5)": [(on) => on.recordOutcome(5), "outcome: expected an object, got number"],
};
for (const [name, [call, message]] of Object.entries(refusals)) {
  test(`${name} is refused, here and in a worker`, async () => {
    for (const on of [mesh, remote]) {
      const error = await said(() => call(on));
      assert.equal(error?.code, "invalid-argument", name);
      typeof message === "string" ? assert.equal(error.message, message) : assert.match(error.message, message);
    }
  });
}

test("what promises rejects instead of throwing", () => {
  for (const on of [mesh, remote]) {
    for (const name of ["retrieve", "emit", "discover", "suggest", "autoRoute", "route", "recordOutcome", "importState", "syncState", "upsert", "reload"]) {
      on[name](5).then(assert.fail, () => {});
    }
  }
  SkillMesh.load(snapshot, 5).then(assert.fail, () => {});
});

test("no method answers an odd argument with anything but an error of ours", async () => {
  const names = Object.getOwnPropertyNames(SkillMesh.prototype).filter((name) => !["constructor", "semanticReady", "free", "snapshot", "build"].includes(name));
  for (const on of [mesh, remote]) {
    for (const name of names) {
      for (const value of odd) for (const args of [[value], ["x", value], ["claude", "x", value]]) await said(() => on[name](...args));
    }
  }
  assert.equal((await mesh.retrieve("seaborn heatmap")).hits[0].id, "viz.matplotlib-seaborn"); // nothing was broken on the way
});

test("nor do loading, embedding, and what keeps", async () => {
  for (const value of odd) {
    for (const Class of [SkillMesh, DocSearch, Embedder]) {
      await said(() => Class.load(value));
      await said(async () => (await Class.load(Class === Embedder ? process.env.SKILLMESH_MODEL : snapshot, value)).free());
    }
    await said(async () => (await SkillMesh.build(value)).mesh.free());
    await said(() => embedder.embed(value));
    for (const step of [fileStore, kvStore, indexedDbStore, cacheStore, init, initSync]) await said(() => step(value));
  }
  assert.equal((await said(() => embedder.embed(5))).message, "text: expected a string, got number");
});

test("a code that Node or the page gave is none of ours", async () => {
  const { asSkillMeshError } = await import("./node_modules/skillmesh/error.js");
  for (const error of [new DOMException("full", "QuotaExceededError"), Object.assign(new Error("no"), { code: "ERR_INVALID_ARG_TYPE" })]) {
    assert.equal(asSkillMeshError(error, "io").code, "io");
  }
  for (const code of codes) assert.equal(asSkillMeshError(Object.assign(new Error("x"), { code })).code, code);
});
