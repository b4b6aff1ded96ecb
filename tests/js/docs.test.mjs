// Does search over documents find, show and keep back what it should, as the native program does?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DocSearch, Embedder, SkillMesh, SkillMeshError } from "skillmesh";

const cli = process.env.SKILLMESH_CLI;
const model = process.env.SKILLMESH_MODEL;
const root = new URL("../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "skillmesh-docs-"));
const snapshot = join(folder, "docs.msgpack");
const run = (...args) => execFileSync(cli, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const pages = {
  "pay.md": "---\nskills: [people_team]\ntags: [perks]\n---\n# Pay\n\nSalaries rise by **zebra** percent each spring.\n",
  "conduct.md": "# Conduct\n\n## Leave\n\nHoliday requests go to your team.\n\n## Gifts\n\nGifts of <any> value & size are declared.\n",
};

let docs, bytes;
before(async () => {
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
  const said = run("ingest", join(root, "docs"), folder, "--collection", "all", "--base-url", "https://docs.example/", "--out", snapshot);
  assert.match(said, /Ingested \d+ documents in \d+ chunks from .* into collection 'all'\nSkills: all, people_team\nTags: perks\n/);
  bytes = readFileSync(snapshot);
  docs = await DocSearch.load(bytes, { model, verify: true });
  await docs.semanticReady;
});
after(() => {
  docs.free();
  rmSync(folder, { recursive: true });
});

const paths = ({ pages }) => pages.map((page) => page.path);
const code = (expected) => (error) => error instanceof SkillMeshError && error.code === expected;

test("a page is found by words and by meaning, with its section, address and marks", async () => {
  const { mode, pages, total, facets, confidence } = await docs.search("days off work");
  const [page] = pages;
  assert.deepEqual([mode, page.path, page.title, page.url], ["hybrid", "conduct.md", "Conduct", "https://docs.example/conduct.md"]);
  const [section] = page.sections;
  assert.deepEqual([section.headings, section.url], [["Conduct", "Leave"], "https://docs.example/conduct.md#leave"]);
  assert.equal(pages.length, Math.min(10, total));
  assert.ok(facets.collection[0].count === total && confidence.value > 0);
  const marked = (await docs.search("gifts")).pages[0].sections[0].snippet;
  assert.match(marked.html, /^<mark>Gifts<\/mark> of .*&amp; size/);
  assert.equal(marked.text.slice(...marked.ranges[0]), "Gifts");
});

test("the native program gives the same pages", async () => {
  for (const query of ["cut or damaged snapshot", "how is it ranked", "holiday"]) {
    for (const mode of ["sparse", "hybrid"]) {
      const native = JSON.parse(run("search", "--snapshot", snapshot, "--query", query, "--mode", mode, "--json"));
      const own = await docs.search(query, { mode });
      const rows = (answer) => answer.pages.flatMap((page) => page.sections.map((s) => [page.path, s.url, s.score.toFixed(3)]));
      assert.deepEqual(rows(own), rows(native));
      assert.deepEqual([own.total, own.facets], [native.total, native.facets]);
    }
  }
});

test("who asks decides what is found, by every way to ask", async () => {
  const ask = async (options) => JSON.stringify([await docs.search("zebra salaries", options), await docs.emit("claude", "zebra salaries", options)]);
  for (const options of [{}, { skills: ["code_assistant"] }, { tags: ["perks"] }, { syntax: true }, { mode: "dense" }]) {
    const told = (await ask(options)).replaceAll("zebra salaries", "");
    assert.ok(!/zebra|pay\.md|perks|people_team/.test(told), told);
  }
  for (const options of [{ skills: ["people_team"] }, { access: "all" }]) assert.match(await ask(options), /pay\.md/);
  const hr = await DocSearch.load(bytes, { skills: ["people_team"] });
  assert.deepEqual(paths(await hr.search("zebra")), ["pay.md"]);
  assert.deepEqual(paths(await hr.search("zebra", { skills: ["other"] })), []);
  assert.deepEqual(paths(await hr.search("zebra", { skills: undefined })), ["pay.md"]);
  const mesh = await SkillMesh.load(process.env.SKILLMESH_SNAPSHOT);
  assert.match(await mesh.emit("claude", "zebra", { docs: hr }), /pay\.md/, "asked for whom it was loaded");
  assert.ok(!(await mesh.emit("claude", "zebra", { docs })).includes("pay.md"));
  const asked = { skills: ["code_assistant"] };
  const emitted = mesh.emit("claude", "zebra", { docs, docsOptions: asked });
  asked.skills[0] = "people_team";
  assert.ok(!(await emitted).includes("pay.md"), "options changed later don't count");
  await assert.rejects(mesh.emit("claude", "zebra", { docsOptions: asked }), code("invalid-argument"));
  [hr, mesh].forEach((one) => one.free());
});

test("what an audience may not see is not in the bytes", () => {
  const [part, without] = [join(folder, "part.msgpack"), join(folder, "without.msgpack")];
  run("ingest", folder, "--audience", "code_assistant", "--out", part);
  const held = readFileSync(part);
  for (const word of ["zebra", "Salaries", "pay.md", "people_team", "perks"]) assert.ok(!held.includes(word) && bytes.includes(word), word);
  const other = mkdtempSync(join(tmpdir(), "skillmesh-docs-"));
  writeFileSync(join(other, "conduct.md"), pages["conduct.md"]);
  run("ingest", other, "--out", without);
  rmSync(other, { recursive: true });
  assert.ok(held.equals(readFileSync(without)), "the file is the one that the rest alone gives");
});

test("pages, limits and filters", async () => {
  const all = await docs.search("the", { mode: "sparse", limit: 100 });
  const second = await docs.search("the", { mode: "sparse", limit: 2, offset: 2 });
  assert.deepEqual(paths(second), paths(all).slice(2, 4));
  assert.deepEqual(paths(await docs.search("the", { filter: { collection: "other" } })), []);
  for (const options of [{ limit: 0 }, { limit: 1.5 }, { offset: -1 }, { access: "some" }, { skills: "x" }, { topK: 3 }]) {
    await assert.rejects(docs.search("the", options), code("invalid-argument"), JSON.stringify(options));
  }
  await assert.rejects(docs.search("the", { limits: 3 }), /there is no option `limits`/);
  await assert.rejects(docs.search("the", { limit: NaN }), /`limit`: expected a whole number from 1 on, got NaN/);
  await assert.rejects(DocSearch.load(bytes, { skill: "x" }), /there is no option `skill`; expected model, verify, skills/);
  const cyclic = {};
  for (const options of [{ filter: { tag: () => 1 } }, { filter: (cyclic.tag = cyclic) }, { signal: {} }]) {
    await assert.rejects(docs.search("the", options), code("invalid-argument"));
  }
  assert.equal((await docs.search("the", null)).query, "the");
});

test("an answer that nobody waits for any more is dropped", async () => {
  await assert.rejects(docs.search("the", { signal: AbortSignal.abort() }), { name: "AbortError" });
  const answers = [];
  const live = docs.live((answer) => answers.push([answer.query, answer.mode]), { delay: 5 });
  for (const typed of ["h", "ho", "holi", "holiday"]) live.search(typed);
  const deadline = Date.now() + 5000;
  while (answers.length < 2 && Date.now() < deadline) await new Promise((later) => setTimeout(later, 5));
  assert.deepEqual(answers, [["holiday", "sparse"], ["holiday", "hybrid"]]);
  const late = await DocSearch.load(bytes, { model: new Promise((later) => setTimeout(() => later(readFileSync(model)), 200)) });
  const modes = [];
  late.live((answer) => modes.push(answer.mode), { delay: 1 }).search("holiday");
  await late.semanticReady;
  while (modes.length < 2 && Date.now() < deadline) await new Promise((later) => setTimeout(later, 5));
  assert.deepEqual(modes, ["sparse", "hybrid"], "meaning joins when the model has come");
  late.free();
  const told = await new Promise((onError) => late.live(() => {}, { delay: 1, onError }).search("holiday"));
  assert.equal(told.code, "freed", "who waits hears that there will be no answer");
  live.search("gifts");
  live.cancel();
  await new Promise((later) => setTimeout(later, 50));
  assert.equal(answers.length, 2);
});

test("cards bring their documents, and neither takes the other's place", async () => {
  const mesh = await SkillMesh.load(process.env.SKILLMESH_SNAPSHOT, { model });
  await mesh.semanticReady;
  const query = "holiday requests";
  const options = { topK: 2, docs };
  const block = await mesh.emit("claude", query, options);
  assert.equal(block.match(/<card>/g).length, 2);
  assert.equal(block.match(/<document>/g).length, 3);
  assert.ok(block.includes("<url>https://docs.example/conduct.md#leave</url>") && !block.includes("zebra"));
  const hr = await mesh.emit("claude", "salaries", { ...options, docsOptions: { skills: ["people_team"], tags: ["perks"], topK: 1 } });
  assert.match(hr, /<document>\n<title>Pay<\/title>/);
  const native = run("emit", "--snapshot", process.env.SKILLMESH_SNAPSHOT, "--provider", "codex", "--query", "salaries", "--top-k", "2",
    "--with-docs", snapshot, "--docs-skills", "people_team", "--docs-top-k", "2");
  assert.equal(await mesh.emit("codex", "salaries", { ...options, docsOptions: { skills: ["people_team"], topK: 2 } }), native);
  await assert.rejects(mesh.emit("claude", query, { docs: mesh.stats() }), /docs: expected a DocSearch/);
  mesh.free();
});

test("an embedder that several share outlives each of them", async () => {
  const shared = await Embedder.load(model);
  const [one, other] = [await DocSearch.load(bytes, { model: shared }), await DocSearch.load(bytes, { model: shared })];
  await Promise.all([one.semanticReady, other.semanticReady]);
  one.free();
  assert.equal((await other.search("days off", { mode: "hybrid" })).mode, "hybrid");
  other.free();
  shared.free();
});

test("a snapshot of the other kind is refused with what to do", async () => {
  await assert.rejects(SkillMesh.load(bytes), /as a `DocSearch`/);
  await assert.rejects(DocSearch.load(process.env.SKILLMESH_SNAPSHOT), code("snapshot-format"));
});
