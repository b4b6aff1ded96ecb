// Does a registry become the same mesh in memory as on a disk, and is what is wrong with it said?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { SkillMesh } from "skillmesh";
import { openSite } from "./site.mjs";

const model = process.env.SKILLMESH_MODEL;
const FILES = [
  { path: "mine/experts.yaml", text: "- id: video.blur\n  title: Blur faces\n  instruction_file: how/blur.md\n- id: viz.plot\n  title: Plot numbers\n" },
  { path: "mine/how/blur.md", text: "Find every face, then blur it.\n" },
  { path: "mine/pdf/SKILL.md", text: "---\nname: pdf\ndescription: Fills in forms\n---\nOpen the form.\n" },
  { path: "mine/pdf/notes.txt", text: "not read" },
];

/** A folder with these files. */
function onDisk(files) {
  const folder = mkdtempSync(join(tmpdir(), "skillmesh-build-"));
  for (const { path, text } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The snapshot that the terminal program writes of the same files. */
function builtOnDisk(files) {
  const folder = onDisk(files);
  execFileSync(process.env.SKILLMESH_CLI, ["build", "mine", "--model", model, "--out", "s.msgpack"], { cwd: folder, stdio: "pipe" });
  return readFileSync(join(folder, "s.msgpack"));
}

test("files in memory give the bytes of a build, once all is embedded", async () => {
  const { mesh, findings, embedded } = await SkillMesh.build(FILES, { model });
  assert.deepEqual(findings, []);
  const [hit] = (await mesh.retrieve("plot", { mode: "sparse" })).hits;
  assert.equal(hit.id, "viz.plot");
  await embedded;
  assert.equal((await mesh.retrieve("hide who is in the picture", { mode: "dense" })).hits[0].id, "video.blur");
  assert.deepEqual(Buffer.from(mesh.snapshot()), builtOnDisk(FILES));
  mesh.free();
});

test("skills of one name, and one that is a registry's instruction too, are the same cards as from a disk", async () => {
  const skill = (path) => ({ path, text: `---\nname: same\ndescription: Fills in the forms of ${path.length}\n---\nOpen it.\n` });
  const registry = { path: "./mine//experts.yaml", text: "- id: forms\n  title: Forms\n  instruction_file: a/SKILL.md\n" };
  const files = [registry, skill("mine/b/SKILL.md"), skill("mine/a-b/SKILL.md"), skill("mine/a/SKILL.md")];
  const { mesh, findings, embedded } = await SkillMesh.build(files, { model });
  await embedded;
  assert.deepEqual(Buffer.from(mesh.snapshot()), builtOnDisk(files));
  assert.ok(findings.every(({ path }) => !path.includes("./")));
  mesh.free();
});

test("a registry that lies too deep is named", async () => {
  const { mesh, findings } = await SkillMesh.build([...FILES, { path: "mine/deep/experts.yaml", text: "- id: a\n  title: A\n" }]);
  assert.deepEqual(findings.map(({ path, code }) => [path, code]), [["mine/deep/experts.yaml", "not-read"]]);
  mesh.free();
});

test("bytes, Files and other lists serve as well", async () => {
  const bytes = { path: "a.yaml", bytes: new TextEncoder().encode("- id: a\n  title: Apples\n") };
  const file = new File(["---\nname: b\ndescription: Bees\n---\n"], "b.md");
  const { mesh, embedded } = await SkillMesh.build(new Set([bytes, file]));
  await embedded;
  assert.deepEqual(mesh.cards().map(({ id }) => id), ["a", "b"]);
  assert.equal(await mesh.semanticReady, false);
});

test("what cannot be used is left out and said", async () => {
  const yaml = "- id: a\n  title: Apples\n- title: No id\n- id: c\n  title: C\n  instruction_file: ../c.md\n- id: d\n  title: D\n  instruction_file: d.md\n";
  const { mesh, findings } = await SkillMesh.build([{ path: "x.yaml", text: yaml }, { path: "photo.png", text: "" }]);
  assert.deepEqual(mesh.cards().map(({ id }) => id), ["a"]);
  const said = findings.map(({ path, line, code, severity }) => [path, line, code, severity]);
  assert.deepEqual(said, [
    ["photo.png", null, "not-read", "warning"],
    ["x.yaml", 3, "schema", "error"],
    ["x.yaml", 6, "path-escape", "error"],
    ["x.yaml", 9, "instruction-missing", "error"],
  ]);
});

test("without a card there is an empty mesh and a sentence", async () => {
  const { mesh, findings } = await SkillMesh.build([]);
  assert.deepEqual((await mesh.retrieve("anything")).hits, []);
  assert.match(findings[0].message, /expected a registry .* or SKILL\.md in any folder below, got neither/);
  await mesh.upsert([{ id: "a", title: "Apples" }]);
  assert.equal((await mesh.retrieve("apples")).hits[0].id, "a");
});

test("what is called wrongly is refused", async () => {
  const refused = (files, options, message) => assert.rejects(SkillMesh.build(files, options), { code: "invalid-argument", message });
  await refused("a.yaml", {}, /files: expected a list of files/);
  await refused([{ text: "" }], {}, /files\[0\]: expected `path`, got undefined/);
  await refused([{ path: "a" }], {}, /files\[0\]: a: expected `text` or `bytes`, or a File/);
  await refused([], { modle: model }, /there is no option `modle`/);
  await refused([], { model: { embed: () => [], fingerprint: "x" } }, /expected `dimensions` beside `embed`/);
});

test("only what may hold cards is read, and what is named by it; what somebody might miss is told", async () => {
  const read = [];
  const file = (path, text) => Object.defineProperty(new File([text], path, {}), "arrayBuffer", { value: () => (read.push(path), Promise.resolve(new TextEncoder().encode(text).buffer)) });
  const named = "- id: a\n  title: A\n  instruction_file: how/a b.txt\n- id: b\n  title: B\n  instruction_file: \"how/gr\\xfcn.txt\"\n";
  const files = {
    "./mine/experts.yaml": named, "mine//how/a b.txt": "Do A.", "mine/how/grün.txt": "Do B.", "/mine/pdf/SKILL.md": "---\nname: pdf\ndescription: Forms\n---\n",
    "mine/pdf/film.mp4": "", "mine/node_modules/x/registry.json": "[]", "mine/package.json": "{}", "mine/deep/experts.yaml": "- id: c\n  title: C\n", "photo.png": "",
  };
  const { mesh, findings } = await SkillMesh.build(Object.entries(files).map(([path, text]) => file(path, text)));
  assert.deepEqual(mesh.cards().map(({ id }) => id), ["a", "b", "pdf"]);
  assert.deepEqual(["a", "b"].map((id) => mesh.card(id).instruction_text), ["Do A.", "Do B."]);
  assert.deepEqual(read.sort(), ["./mine/experts.yaml", "/mine/pdf/SKILL.md", "mine//how/a b.txt", "mine/how/grün.txt"]);
  assert.deepEqual(findings.map(({ path, code, message }) => [path, code, message]), [
    ["photo.png", "not-read", "neither registry nor skill, and not read; expected a file that ends in .json, .jsonl, .yaml, .yml or .md"],
    ["mine/deep/experts.yaml", "not-read", "a registry is read in the folder that is given, and this one lies deeper; not read; to have it read, give it as deep/experts.yaml"],
  ]);
});

test("where nothing holds cards, what was passed over has a name", async () => {
  const { findings } = await SkillMesh.build(["a/notes.yaml", "a/b.txt", "a/c.txt"].map((path) => ({ path, text: "" })));
  const registries = "tools.enriched.json, experts.yaml, experts.json, registry.json, registry.yaml, registry.yml";
  const message = `not read, as 2 more in folders; expected a registry (${registries}) in the folder, or SKILL.md in any`;
  assert.deepEqual([findings[0].path, findings[0].message, findings[1].code], ["a/notes.yaml", message, "empty-registry"]);
});

test("every name of a registry that the builder knows is handed to it", async () => {
  const source = readFileSync(new URL("../../src/load/role.rs", import.meta.url), "utf8");
  const names = /REGISTRIES[^=]*=\s*\[([^\]]*)\]/.exec(source)[1].match(/[\w.]+(?=")/g);
  assert.equal(names.length, 6);
  for (const name of names) {
    const { mesh } = await SkillMesh.build([{ path: `mine/${name}`, text: '[{"id":"a","title":"A"}]' }]);
    assert.equal(mesh.cards().length, 1, name);
  }
});

test("more than memory is meant for is refused before it is read", async () => {
  const big = (path, size) => Object.defineProperties(new File([""], path), { size: { value: size }, arrayBuffer: { value: assert.fail } });
  const message = "files: expected at most 128 MB of registries, skills and what they name, got 141 MB in 2, the largest of which is big.json with 140 MB; give fewer, or build on a disk";
  await assert.rejects(SkillMesh.build([big("big.json", 140 * 2 ** 20), big("a/SKILL.md", 2 ** 20)]), { code: "invalid-argument", message });
  const { mesh } = await SkillMesh.build([{ path: "a/SKILL.md", text: "---\nname: a\ndescription: A\n---\n" }, big("a/film.mp4", 2 ** 40)]);
  assert.equal(mesh.cards().length, 1);
});

test("files may be promised, and one that can't be read says so", async () => {
  const { mesh } = await SkillMesh.build([Promise.resolve({ path: "a.md", text: "---\nname: a\ndescription: A\n---\n" })]);
  assert.equal(mesh.cards()[0].id, "a");
  await assert.rejects(SkillMesh.build([Promise.reject(new Error("gone"))], null), { message: "gone" });
  const gone = Object.defineProperty(new File([""], "a.md"), "arrayBuffer", { value: () => Promise.reject(new DOMException("it was moved", "NotFoundError")) });
  await assert.rejects(SkillMesh.build([gone]), { code: "io", message: "a.md: the file can't be read: it was moved; give it anew" });
});

test("a build that fails when it is nearly done leaves no mesh behind", async (context) => {
  const free = context.mock.method(SkillMesh.prototype, "free");
  let asked = 0;
  const fickle = { embed: () => [1], dimensions: 3, get fingerprint() { return asked++ < 2 ? "a" : "b"; } };
  await assert.rejects(SkillMesh.build([{ path: "a.md", text: "---\nname: a\ndescription: A\n---\n" }], { model: fickle }), { code: "model-mismatch" });
  assert.equal(free.mock.callCount(), 1);
});

test("the page of docs/browser.md builds a folder that somebody picks", async () => {
  const text = readFileSync(new URL("../../docs/browser.md", import.meta.url), "utf8");
  const block = (name) => new RegExp(`^\\\`\\\`\\\`\\w+ ${name}\\n([^]*?)^\\\`\\\`\\\``, "m").exec(text)[1];
  const site = await openSite([["/", block("build.html")], ["/build.js", block("build.js")]]);
  try {
    const tab = await site.browser.newPage();
    await tab.goto(site.origin);
    await tab.setInputFiles("input", join(onDisk([...FILES, { path: "mine/deep/registry.json", text: "[]" }]), "mine"));
    await tab.waitForFunction(() => document.querySelector("ol").textContent.includes("hybrid"));
    assert.equal(await tab.textContent("li"), "Pdf (hybrid)");
    assert.match(await tab.textContent("pre"), /^mine\/deep\/registry\.json:1: a registry is read in the folder that is given/);
  } finally {
    await site.close();
  }
});
