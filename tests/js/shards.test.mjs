// Does a corpus in shards answer as the whole does, after loading a small part of it?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DocSearch, Embedder, SkillMesh, SkillMeshError } from "skillmesh";
import { openSite, openTab } from "./site.mjs";

const cli = process.env.SKILLMESH_CLI;
const repository = new URL("../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "skillmesh-shards-"));
const [root, docsRoot, docsWhole] = ["it.msgpack", "docs.msgpack", "docs-whole.msgpack"].map((name) => join(folder, name));
const shardFiles = (name = "it.shards") => readdirSync(join(folder, name)).map((file) => join(folder, name, file));
const run = (...args) => execFileSync(cli, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const code = (expected, said = /./) => (error) => error instanceof SkillMeshError && error.code === expected && said.test(error.message);

let whole, embedder;
before(async () => {
  run("build", join(repository, "examples/registry"), "--shards", "8", "--out", root);
  const docs = ["ingest", join(repository, "docs"), "--no-dense", "--base-url", "https://docs.example/"];
  run(...docs, "--out", docsWhole);
  run(...docs, "--shards", "6", "--out", docsRoot);
  embedder = await Embedder.load(process.env.SKILLMESH_MODEL);
  whole = await SkillMesh.load(process.env.SKILLMESH_SNAPSHOT, { model: embedder });
});
after(() => {
  whole.free();
  embedder.free();
  rmSync(folder, { recursive: true });
});

const QUERIES = ["seaborn heatmap", "opencv contour detection", "train a neural network on several gpus", "sklearn pipeline", "heatmpa"];
const ids = ({ hits }) => hits.map((hit) => hit.id);

test("all shards answer as the whole does, with the same scores and reasons", async () => {
  const mesh = await SkillMesh.load(root, { model: embedder, shards: { atMost: 8 } });
  await mesh.semanticReady;
  for (const query of QUERIES) {
    for (const mode of ["sparse", "dense", "hybrid"]) {
      const [own, expected] = [await mesh.retrieve(query, { mode, topK: 5 }), await whole.retrieve(query, { mode, topK: 5 })];
      assert.deepEqual(ids(own), ids(expected), `${query} ${mode}`);
      own.hits.forEach((hit, i) => {
        assert.ok(Math.abs(hit.score - expected.hits[i].score) < 1e-4);
        assert.deepEqual([hit.snippet, hit.description], [expected.hits[i].snippet, expected.hits[i].description]);
        assert.equal(hit.explain.dense?.passage, expected.hits[i].explain.dense?.passage);
      });
    }
  }
  mesh.free();
});

test("a query reads the shards that it needs, each once", async () => {
  const read = [];
  const from = (file) => read.push(file) && readFileSync(join(folder, file));
  const mesh = await SkillMesh.load(readFileSync(root), { model: embedder, shards: { from, atMost: 2 } });
  await mesh.semanticReady;
  assert.deepEqual(read, []);
  const { hits } = await mesh.retrieve("opencv contour detection");
  assert.equal(hits[0].id, "cv.opencv-image-processing");
  assert.equal(read.length, 2);
  await Promise.all([mesh.retrieve("opencv contour detection"), mesh.emit("claude", "opencv contour detection")]);
  assert.equal(read.length, 2, "they are there already");
  for (const query of QUERIES) await mesh.retrieve(query);
  assert.ok(read.length > 2 && new Set(read).size === read.length, String(read));
  const again = await SkillMesh.load(readFileSync(root), { model: embedder, shards: { from, atMost: 2 } });
  await again.semanticReady;
  assert.deepEqual(ids(await again.retrieve(QUERIES[3])), ids(await mesh.retrieve(QUERIES[3])), "whatever was read before");
  assert.deepEqual([mesh.stats().kind, mesh.stats().shards, mesh.stats().cards], ["card-shards", 8, whole.stats().cards]);
  mesh.free();
  again.free();
});

test("what else is asked of skills is answered from shards too", async () => {
  const mesh = await SkillMesh.load(root, { model: embedder, shards: { atMost: 8 } });
  const task = "opencv contour detection";
  assert.equal((await mesh.suggest(task)).suggestion?.id ?? (await mesh.discover(task)).skills[0].id, "cv.opencv-image-processing");
  assert.match(await mesh.emit("claude", task), /cv\.opencv-image-processing|OpenCV/);
  assert.match(await mesh.emit("agents-md", task, { topK: 1 }), /OpenCV/, "a form that is written by other wasm");
  assert.ok((await mesh.autoRoute(task)).markdown.length > 0);
  mesh.free();
});

test("what takes all cards is refused by name", async () => {
  const mesh = await SkillMesh.load(root);
  const refused = (name) => code("invalid-argument", new RegExp(`^${name}: this takes all cards`));
  assert.throws(() => mesh.cards(), refused("cards"));
  assert.throws(() => mesh.card("viz.matplotlib-seaborn"), refused("card"));
  assert.throws(() => mesh.snapshot(), refused("snapshot"));
  await assert.rejects(mesh.upsert([{ id: "a", title: "A" }]), refused("snapshot"));
  await assert.rejects(mesh.applyDelta(new Uint8Array(3)), refused("snapshot"));
  await assert.rejects(mesh.route("a task"), refused("lookup"));
  mesh.free();
});

test("another snapshot may take the place of shards", async () => {
  const mesh = await SkillMesh.load(root);
  mesh.onChange(() => {});
  await mesh.retrieve("heatmap");
  await mesh.reload(process.env.SKILLMESH_SNAPSHOT);
  assert.equal(mesh.cards().length, whole.stats().cards);
  await mesh.reload(root);
  assert.deepEqual([mesh.stats().kind, (await mesh.retrieve("seaborn heatmap")).hits[0].id], ["card-shards", "viz.matplotlib-seaborn"]);
  mesh.free();
});

test("what a query demands decides which shards are read", async () => {
  const mesh = await SkillMesh.load(root, { shards: { atMost: 1 } });
  for (const query of ["domain:computer-vision", "domain:computer-vision seaborn heatmap", 'heatmap "contour detection"']) {
    const expected = await whole.retrieve(query, { syntax: true, mode: "sparse", topK: 1 });
    const own = await mesh.retrieve(query, { syntax: true, mode: "sparse", topK: 1 });
    assert.deepEqual([own.reason, own.hits.length], [expected.reason, expected.hits.length], query);
  }
  mesh.free();
});

test("mistakes are told", async () => {
  await assert.rejects(SkillMesh.load(root, { shards: { most: 3 } }), code("invalid-argument", /most/));
  for (const atMost of [0, 1.5, "2"]) await assert.rejects(SkillMesh.load(root, { shards: { atMost } }), code("invalid-argument", /atMost/));
  await assert.rejects(SkillMesh.load(root, { shards: { from: 3 } }), code("invalid-argument", /from/));
  await assert.rejects(DocSearch.load(root), code("invalid-argument", /shards of cards; open them as a SkillMesh/));
  await assert.rejects(SkillMesh.load(docsRoot), code("invalid-argument", /shards of documents; open them as a DocSearch/));
  const placeless = await SkillMesh.load(readFileSync(root));
  await assert.rejects(placeless.retrieve("heatmap"), code("invalid-argument", /say where `it\.shards\/[0-9a-f]{16}\.msgpack` is/));
  const other = (file) => readFileSync(shardFiles().find((path) => !path.endsWith(file)));
  const mixed = await SkillMesh.load(readFileSync(root), { shards: { from: other, atMost: 8 } });
  await assert.rejects(mixed.retrieve("heatmap"), code("integrity", /shard/));
  const missing = await SkillMesh.load(readFileSync(root), { shards: { from: join(folder, "elsewhere/it.msgpack") } });
  await assert.rejects(missing.retrieve("heatmap"), code("io", /no such file/));
});

test("a shard that could not be read is asked for again", async () => {
  let isUp = false;
  const from = async (file) => {
    if (!isUp) throw new SkillMeshError("io", "no network");
    return readFileSync(join(folder, file));
  };
  const mesh = await SkillMesh.load(readFileSync(root), { shards: { from } });
  await assert.rejects(mesh.retrieve("seaborn heatmap"), code("io", /no network/));
  isUp = true;
  assert.equal((await mesh.retrieve("seaborn heatmap")).hits[0].id, "viz.matplotlib-seaborn");
  const late = mesh.retrieve("opencv contours");
  mesh.free();
  await assert.rejects(late, code("freed"));
  await assert.rejects(mesh.retrieve("x"), code("freed"));
});

test("a query that is called off does not call off the shard", async () => {
  let go;
  const [gate, leave] = [new Promise((open) => (go = open)), new AbortController()];
  const from = async (file) => gate.then(() => readFileSync(join(folder, file)));
  const mesh = await SkillMesh.load(readFileSync(root), { shards: { from } });
  const [off, on] = [mesh.retrieve("seaborn heatmap", { signal: leave.signal }), mesh.retrieve("seaborn heatmap")];
  leave.abort(new Error("typed on"));
  await assert.rejects(off, /typed on/);
  go();
  assert.equal((await on).hits[0].id, "viz.matplotlib-seaborn");
  mesh.free();
});

test("documents are found in shards, and what an asker may not see is not", async () => {
  const [docs, all] = [await DocSearch.load(docsRoot, { shards: { atMost: 6 } }), await DocSearch.load(docsWhole)];
  for (const query of ["checksum of a section", "how is a token budget filled", "widget"]) {
    const [own, expected] = [await docs.search(query), await all.search(query)];
    assert.deepEqual([own.total, own.facets, own.pages[0].path], [expected.total, expected.facets, expected.pages[0].path]);
    assert.deepEqual(own.pages.map((page) => page.score.toFixed(3)), expected.pages.map((page) => page.score.toFixed(3)));
  }
  assert.match(await docs.emit("claude", "checksum"), /snapshot-format\.md/);
  const mesh = await SkillMesh.load(root, { shards: { atMost: 8 } });
  assert.match(await mesh.emit("claude", "seaborn heatmap", { docs, docsOptions: { topK: 1 } }), /\.md/);
  docs.free();
  all.free();
  mesh.free();
});

test("a page reads shards beside the root, under a strict policy, and keeps them", async () => {
  const site = await openSite();
  try {
    site.files.set("/search/it.msgpack", readFileSync(root));
    readdirSync(join(folder, "it.shards")).forEach((file) => site.files.set(`/search/it.shards/${file}`, readFileSync(join(folder, "it.shards", file))));
    const tab = await openTab(await site.browser.newContext(), site.origin);
    const ask = () => tab.evaluate(async () => {
      const events = [];
      const mesh = await SkillMesh.load("search/it.msgpack?v=1", { cache: true, shards: { atMost: 2 }, onProgress: (event) => events.push(event) });
      const { hits } = await mesh.retrieve("seaborn heatmap");
      const from = new URL("search/it.msgpack", location.href);
      const inWorker = await SkillMesh.load("search/it.msgpack", { worker: true, shards: { atMost: 2, from } });
      const [other] = (await inWorker.retrieve("seaborn heatmap")).hits;
      inWorker.free();
      mesh.free();
      return { first: hits[0].id, other: other.id, shards: events.filter(({ what, received, total }) => what === "shard" && received === total).map(({ from }) => from) };
    });
    assert.deepEqual(await ask(), { first: "viz.matplotlib-seaborn", other: "viz.matplotlib-seaborn", shards: ["network", "network"] });
    assert.deepEqual((await ask()).shards, ["cache", "cache"]);
    const asked = site.asked.filter((path) => path.includes("it.shards"));
    assert.ok(asked.length > 0 && new Set(asked).size < 8, String(asked));
  } finally {
    site.close();
  }
});

test("the root says what it holds to any MessagePack library", async () => {
  const { decode } = await import("@msgpack/msgpack");
  const { kind, cards, averages, sections } = decode(readFileSync(root));
  assert.deepEqual([kind, cards, averages.length, sections.at(-1).name], ["card-shards", whole.stats().cards, 7, "shards"]);
});
