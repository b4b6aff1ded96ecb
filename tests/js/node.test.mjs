// Does the packed package answer in Node, as the native program does, and refuse what it should?
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SkillMesh, SkillMeshError } from "skillmesh";

const cli = process.env.SKILLMESH_CLI;
const snapshot = process.env.SKILLMESH_SNAPSHOT;
const model = process.env.SKILLMESH_MODEL;
const bytes = readFileSync(snapshot);
let mesh;

const open = [];
/** What is opened here is freed at the end. */
async function opened(loading) {
  const found = await loading;
  open.push(found);
  return found;
}

before(async () => {
  mesh = await SkillMesh.load(snapshot, { model, verify: true });
  assert.equal(await mesh.semanticReady, true);
});
after(() => [mesh, ...open].forEach((one) => one.free()));

const firstIds = async (query, options) => (await mesh.retrieve(query, options)).hits.map((hit) => hit.id);
const code = (expected) => (error) => error instanceof SkillMeshError && error.code === expected;

const acceptance = [
  ["build matplotlib seaborn heatmap", "viz.matplotlib-seaborn"],
  ["sklearn pipeline cross validation leakage safe", "ml.sklearn-modeling"],
  ["sklearn pipeline cross validation metrics", "ml.sklearn-modeling"],
  ["pytorch training loop cuda mixed precision checkpoint", "dl.pytorch-training"],
  ["opencv contour detection", "cv.opencv-image-processing"],
];
for (const [query, id] of acceptance) {
  test(`"${query}" finds ${id} in every mode`, async () => {
    for (const mode of ["sparse", "dense", "hybrid"]) assert.equal((await firstIds(query, { mode }))[0], id, mode);
  });
}

const paraphrases = [
  ["depict temperatures through beautiful diagrams", "viz.matplotlib-seaborn"],
  ["celebrity acquaintances gossip", "graph.networkx"],
  ["pharmaceutical ingredients alike", "chem.rdkit"],
  ["deaf hearing impairment", "fe.accessibility"],
  ["slideshow lecture", "docs.slide-creation"],
];
for (const [query, id] of paraphrases) {
  test(`"${query}" finds ${id}, whose card has none of these words`, async () => {
    const { hits } = await mesh.retrieve(query, { mode: "hybrid", topK: 100 });
    assert.equal(hits.find((hit) => hit.id === id).sparse_score, 0);
    assert.equal((await firstIds(query, { mode: "dense" }))[0], id);
  });
}

test("the answer says how its score came about", async () => {
  const { hits } = await mesh.retrieve("opencv contour detection", { topK: 5 });
  for (const { score, explain } of hits) {
    const w = explain.dense_weight;
    const rebuilt = w * explain.dense.normalised + (1 - w) * (explain.sparse?.normalised ?? 0);
    assert.ok(Math.abs(rebuilt - score) < 1e-6);
    const terms = explain.sparse?.terms.reduce((sum, match) => sum + match.score, 0) ?? 0;
    assert.ok(Math.abs(terms - (explain.sparse?.score ?? 0)) < 1e-4);
  }
});

test("an explanation read late is of the answer that was given", async () => {
  const options = { topK: 3, filter: { domain: "cloud" } };
  const { hits } = await mesh.retrieve("model", options);
  options.filter.domain = "finance";
  options.topK = 1;
  hits.forEach((hit) => assert.equal(hit.explain.dense.score, hit.dense_score));
});

test("keywords answer before and without the model", async () => {
  const bare = await opened(SkillMesh.load(bytes, { model: null }));
  assert.equal(await bare.semanticReady, false);
  const { mode, hits } = await bare.retrieve("seaborn heatmap");
  assert.equal(mode, "sparse");
  assert.equal(hits[0].id, "viz.matplotlib-seaborn");
  await assert.rejects(bare.retrieve("x", { mode: "hybrid" }), code("no-model"));
});

test("native and wasm give the same hits and scores over 200 queries", async () => {
  const cards = mesh.cards();
  const phrases = cards.flatMap((card) => [card.description, ...card.examples, ...card.tags, ...card.aliases]);
  for (const query of phrases.slice(0, 200)) {
    const native = JSON.parse(execFileSync(cli, ["retrieve", "--snapshot", snapshot, "--query", query, "--top-k", "5", "--json"], { encoding: "utf8" }));
    const wasm = await mesh.retrieve(query, { topK: 5 });
    assert.equal(wasm.mode, "hybrid");
    assert.deepEqual(wasm.hits.map((hit) => hit.id), native.hits.map((hit) => hit.id), query);
    wasm.hits.forEach((hit, i) => assert.ok(Math.abs(hit.score - native.hits[i].score) < 1e-4, query));
  }
});

test("emit gives the block that the native program gives", async () => {
  for (const provider of ["claude", "codex"]) {
    const native = execFileSync(cli, ["emit", "--snapshot", snapshot, "--provider", provider, "--query", "seaborn <b>"], { encoding: "utf8" });
    assert.equal(await mesh.emit(provider, "seaborn <b>"), native);
  }
});

test("a hit shows the words that matched, as text and as safe HTML", async () => {
  const { hits } = await mesh.retrieve("blurry <b>plots</b> overlapping labels", { topK: 1 });
  const { text, ranges, html } = hits[0].snippet;
  const marked = ranges.map(([start, end]) => text.slice(start, end));
  assert.ok(marked.some((word) => /label/i.test(word)), text);
  assert.deepEqual(html.match(/<mark>.*?<\/mark>/g).map((mark) => mark.slice(6, -7)), marked);
  assert.equal(html.replace(/<\/?mark>/g, "").match(/<|>/), null);
});

test("marks in a query mean something where they are turned on", async () => {
  const syntax = true;
  const with_it = await firstIds('"cold starts" -react', { syntax, topK: 62 });
  assert.ok(with_it.includes("cloud.aws-lambda") && with_it.length < 4, with_it);
  const listed = await mesh.retrieve("domain:finance", { syntax });
  assert.deepEqual(listed.hits.map((hit) => [hit.id.split(".")[0], hit.score]), [["finance", 0], ["finance", 0]]);
  assert.deepEqual(mesh.queryParts('draw "a map" -pdf', { syntax }), ["draw a map"]);
  assert.equal((await mesh.retrieve('draw a map -pdf', { topK: 62 })).hits.length, 62);
});

test("an answer says how sure it is, and may be withheld", async () => {
  const { confidence } = await mesh.retrieve("blur faces in a video");
  assert.ok(confidence.value > 0.5 && confidence.value <= 1 && ["medium", "high"].includes(confidence.level));
  const withheld = await mesh.retrieve("zebra crossing etiquette in Peru", { minConfidence: "medium" });
  assert.deepEqual([withheld.reason, withheld.hits, withheld.confidence.level], ["low-confidence", [], "low"]);
  for (const minConfidence of [2, -1, NaN, "sure"]) {
    await assert.rejects(mesh.retrieve("x", { minConfidence }), code("invalid-argument"));
  }
  await assert.rejects(mesh.retrieve("x", { minConfidence: "sure" }), /`minConfidence`: expected `low`, `medium`, `high`, or a number from 0 to 1, got `sure`/);
});

test("filters hold before ranking", async () => {
  const { hits } = await mesh.retrieve("model", { topK: 100, filter: { domain: "Machine_Learning" } });
  assert.ok(hits.length > 0 && hits.every((hit) => hit.domain === "machine_learning"));
  assert.deepEqual(await firstIds("model", { filter: { tag: "no-such-tag" } }), []);
  const both = await firstIds('"cold starts" -terraform', { syntax: true, topK: 62, filter: { domain: "cloud" } });
  assert.deepEqual(both.filter((id) => !id.startsWith("cloud.")), []);
});

test("top_k: all when too large, an error when 0 or odd", async () => {
  assert.equal((await mesh.retrieve("data", { topK: 1e9 })).hits.length, mesh.stats().cards);
  for (const topK of [0, -1, 1.5, NaN]) await assert.rejects(mesh.retrieve("data", { topK }), code("invalid-argument"));
});

test("odd queries get a sane answer and the instance lives on", async () => {
  for (const query of ["", "   ", "?!…", "\u0000\u0000", "🎨"]) assert.deepEqual(await firstIds(query), []);
  for (const query of ["画像処理", "\ud800 lone \udfff", "word ".repeat(200_000), "x".repeat(1_000_000)]) {
    assert.ok(Array.isArray(await firstIds(query)));
  }
  assert.equal((await firstIds("opencv contour detection"))[0], "cv.opencv-image-processing");
});

test("wrong arguments are refused by name", async () => {
  for (const query of [undefined, null, 7, {}]) await assert.rejects(mesh.retrieve(query), code("invalid-argument"));
  await assert.rejects(mesh.retrieve("x", { mode: "fuzzy" }), code("invalid-argument"));
  await assert.rejects(mesh.emit("gemini", "x"), code("invalid-argument"));
  await assert.rejects(mesh.retrieve("x", { vector: new Float32Array(3) }), code("invalid-argument"));
});

test("bad snapshots are refused with their code", async () => {
  const other = Buffer.from(bytes);
  other[bytes.indexOf("format") + 6] = 9;
  const cases = [
    [new Uint8Array(), "snapshot-format"],
    [new TextEncoder().encode("hello"), "snapshot-format"],
    [bytes.subarray(0, bytes.length / 2), "snapshot-corrupt"],
    [bytes.subarray(0, bytes.length - 1), "snapshot-corrupt"],
    [other, "snapshot-version"],
  ];
  for (const [snapshot, expected] of cases) await assert.rejects(SkillMesh.load(snapshot), code(expected), expected);
  await assert.rejects(SkillMesh.load("/no/such/file"), code("io"));
  await assert.rejects(SkillMesh.load(42), code("invalid-argument"));
});

test("a flipped byte is found by verify, and never a crash", async () => {
  for (let at = 200; at < bytes.length; at += Math.ceil(bytes.length / 60)) {
    const flipped = Buffer.from(bytes);
    flipped[at] ^= 0x10;
    await assert.rejects(SkillMesh.load(flipped, { verify: true }), SkillMeshError, `byte ${at}`);
    await SkillMesh.load(flipped).then((loaded) => loaded.retrieve("seaborn heatmap data"), () => {}).catch((error) => assert.equal(error.code, "snapshot-corrupt"));
  }
  assert.equal((await firstIds("seaborn heatmap"))[0], "viz.matplotlib-seaborn");
});

test("a cut model is refused, and keywords go on", async () => {
  const half = await opened(SkillMesh.load(bytes, { model: readFileSync(model).subarray(0, 1_000_000) }));
  await assert.rejects(half.semanticReady, code("model-corrupt"));
  assert.equal((await half.retrieve("seaborn heatmap")).mode, "sparse");
});

test("a freed instance says so", async () => {
  const gone = await SkillMesh.load(bytes);
  gone.free();
  gone.free();
  await assert.rejects(gone.retrieve("x"), code("freed"));
});

test("a snapshot is read through a pipe, whose size nobody knows, and packed from a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "skillmesh-"));
  const [pipe, packed] = [join(folder, "pipe"), join(folder, "packed.gz")];
  execFileSync("mkfifo", [pipe]);
  execFileSync("sh", ["-c", 'gzip -c "$0" > "$1"', snapshot, packed]);
  spawn("sh", ["-c", 'cat "$0" > "$1"', snapshot, pipe]);
  for (const path of [pipe, packed]) {
    const read = await opened(SkillMesh.load(path, { model: null }));
    assert.equal((await read.retrieve("heatmap")).mode, "sparse");
  }
  rmSync(folder, { recursive: true });
});
