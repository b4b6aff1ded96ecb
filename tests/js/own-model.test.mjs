// Is the model that comes with the package taken where a snapshot's vectors are its, and nowhere else?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DocSearch, Embedder, SkillMesh, SkillMeshError } from "skillmesh";

const OWN = "skillmesh-mini";
const snapshot = process.env.SKILLMESH_SNAPSHOT;
const question = "count the coins in a photo of my desk";
const folder = mkdtempSync(join(tmpdir(), "skillmesh-own-"));
const at = (path) => join(folder, path);
const run = (...args) => execFileSync(process.env.SKILLMESH_CLI, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
const quiet = { onError: () => assert.fail("nothing was to fail") };

before(() => {
  writeFileSync(at("experts.yaml"), "experts:\n- id: a\n  title: Count coins\n- id: b\n  title: Read a letter\n");
  run("build", at("experts.yaml"), "--out", at("minilm.msgpack"), "--model", "minilm");
  run("build", at("experts.yaml"), "--out", at("words.msgpack"), "--no-dense");
  run("ingest", fileURLToPath(new URL("../../docs/shards.md", import.meta.url)), "--out", at("docs.msgpack"));
});
after(() => rmSync(folder, { recursive: true }));

/** Whether meaning answers what was loaded like this. */
async function isSemantic(Class, file, options) {
  const one = await Class.load(file, { ...quiet, ...options });
  try {
    return await one.semanticReady;
  } finally {
    one.free();
  }
}

test("the package's model is the one of what is built", async () => {
  const model = await Embedder.load(OWN);
  assert.deepEqual([model.name, model.dimensions], [OWN, 384]);
  assert.equal(model.fingerprint, JSON.parse(run("inspect", snapshot, "--json")).model.fingerprint);
  const packed = await Embedder.load(new URL(import.meta.resolve(`skillmesh/models/${OWN}.msgpack`)));
  assert.equal(packed.fingerprint, model.fingerprint);
  [model, packed].forEach((one) => one.free());
});

for (const worker of [undefined, true]) {
  const where = worker ? "in a worker" : "here";
  test(`a snapshot with its vectors is answered by meaning unless that is not wanted, ${where}`, async () => {
    for (const [model, expected] of [[undefined, true], [OWN, true], [null, false]]) {
      assert.equal(await isSemantic(SkillMesh, snapshot, { model, worker }), expected, `model: ${model}`);
      assert.equal(await isSemantic(DocSearch, at("docs.msgpack"), { model, worker }), expected, `model: ${model}`);
    }
  });

  test(`vectors of another model, and no vectors, are left to keywords, ${where}`, async () => {
    for (const file of ["minilm.msgpack", "words.msgpack"]) assert.equal(await isSemantic(SkillMesh, at(file), { worker }), false, file);
    const mesh = await SkillMesh.load(at("minilm.msgpack"), { model: OWN, worker });
    await assert.rejects(mesh.semanticReady, { code: "model-mismatch" });
    mesh.free();
  });
}

test("the answers are those of the program, which takes the same model", async () => {
  const mesh = await SkillMesh.load(snapshot);
  await mesh.semanticReady;
  const { hits, mode } = await mesh.retrieve(question, { topK: 5 });
  const native = JSON.parse(run("retrieve", "--snapshot", snapshot, "--query", question, "--top-k", "5", "--json"));
  assert.equal(mode, "hybrid");
  assert.deepEqual(hits.map(({ id }) => id), native.hits.map(({ id }) => id));
  mesh.free();
});

test("another snapshot takes the model, or lets it go, where nobody named one", async () => {
  const mesh = await SkillMesh.load(at("words.msgpack"), quiet);
  const mode = async () => (await mesh.semanticReady, (await mesh.retrieve(question)).mode);
  assert.equal(await mode(), "sparse");
  await mesh.reload(snapshot);
  assert.equal(await mode(), "hybrid");
  await mesh.reload(at("minilm.msgpack"));
  assert.equal(await mode(), "sparse");
  const early = mesh.reload(snapshot); // the model is on its way when the next comes
  await early;
  await mesh.reload(at("words.msgpack"));
  assert.equal(await mode(), "sparse");
  await mesh.reload(snapshot);
  assert.equal(await mode(), "hybrid");
  await mesh.reload(snapshot, { model: null });
  assert.equal(await mode(), "sparse");
  await assert.rejects(mesh.retrieve(question, { mode: "dense" }), { code: "no-model" });
  mesh.free();
});

test("a model that was named is not left for another snapshot's", async () => {
  const mesh = await SkillMesh.load(snapshot, { model: OWN });
  await mesh.semanticReady;
  await assert.rejects(mesh.reload(at("minilm.msgpack")), { code: "model-mismatch" });
  mesh.free();
});

test("init says where it is, also to workers and bundles that do not know", () => {
  const script = `import { readFileSync } from "node:fs";
    import { Embedder, SkillMesh, init, initEmbedSync, initSync } from "skillmesh/slim";
    const wasm = (name) => new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("skillmesh/" + name))));
    initSync({ module: wasm("skillmesh_bg.wasm") });
    initEmbedSync({ module: wasm("skillmesh_embed_bg.wasm") });
    init({ model: () => readFileSync(new URL(import.meta.resolve("skillmesh/models/skillmesh-mini.msgpack"))) });
    const mesh = await SkillMesh.load(readFileSync(${JSON.stringify(process.env.SKILLMESH_SNAPSHOT)}));
    console.log(await mesh.semanticReady);`;
  assert.equal(execFileSync("node", ["--input-type=module", "-e", script], { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" }), "true\n");
});

test("files that were given are embedded with it where it is named", async () => {
  const files = [{ path: "experts.yaml", text: readFileSync(at("experts.yaml"), "utf8") }];
  const [plain, dense] = [await SkillMesh.build(files), await SkillMesh.build(files, { model: OWN })];
  await dense.embedded;
  assert.equal((await plain.mesh.retrieve("money")).mode, "sparse");
  assert.equal((await dense.mesh.retrieve("money in a purse", { mode: "dense" })).hits[0].id, "a");
  [plain, dense].forEach(({ mesh }) => mesh.free());
});

test("that it is missing is told, and keywords answer", async () => {
  cpSync(fileURLToPath(new URL("./", import.meta.resolve("skillmesh/package.json"))), at("package"), { recursive: true });
  rmSync(at("package/models"), { recursive: true });
  const { SkillMesh } = await import(at("package/node.js"));
  const told = [];
  const mesh = await SkillMesh.load(snapshot, { onError: (error) => told.push(error) });
  await assert.rejects(mesh.semanticReady, { code: "io" });
  assert.equal((await mesh.retrieve(question)).mode, "sparse");
  assert.match(told.map(({ message }) => message).join(), /models\/skillmesh-mini\.msgpack/);
  mesh.free();
});

test("where nobody knows where it is, its name is refused with what to do, and nothing is taken unasked", () => {
  const slim = `import { readFileSync } from "node:fs";
    import { Embedder, SkillMesh, initSync } from "skillmesh/slim";
    initSync({ module: new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("skillmesh/skillmesh_bg.wasm")))) });
    const mesh = await SkillMesh.load(readFileSync(${JSON.stringify(snapshot)}));
    console.log(await mesh.semanticReady, await Embedder.load("skillmesh-mini").catch(({ code, message }) => code + " " + message));`;
  const said = execFileSync("node", ["--input-type=module", "-e", slim], { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" });
  assert.match(said, /^false invalid-argument model: it is not known here where skillmesh-mini is; .* pass the address or bytes of skillmesh\/models\/skillmesh-mini\.msgpack/);
});

test("a mesh that is freed while the model comes says nothing", async () => {
  const mesh = await SkillMesh.load(snapshot, quiet);
  const { semanticReady } = mesh;
  mesh.free();
  await assert.rejects(semanticReady, (error) => error instanceof SkillMeshError && error.code === "freed");
});
