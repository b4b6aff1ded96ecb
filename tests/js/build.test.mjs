// Does a registry become the same mesh in memory as on a disk, and is what is wrong with it said?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { SkillMesh } from "skillmesh";

const model = process.env.SKILLMESH_MODEL;
const FILES = [
  { path: "mine/experts.yaml", text: "- id: video.blur\n  title: Blur faces\n  instruction_file: how/blur.md\n- id: viz.plot\n  title: Plot numbers\n" },
  { path: "mine/how/blur.md", text: "Find every face, then blur it.\n" },
  { path: "mine/pdf/SKILL.md", text: "---\nname: pdf\ndescription: Fills in forms\n---\nOpen the form.\n" },
  { path: "mine/pdf/notes.txt", text: "not read" },
];

/** The snapshot that the terminal program writes of the same files. */
function builtOnDisk(files) {
  const folder = mkdtempSync(join(tmpdir(), "skillmesh-build-"));
  for (const { path, text } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
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
