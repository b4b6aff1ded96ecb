// Is `npx skillmesh` the same program as the native one? Same words in, same bytes, messages and exit codes out.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";

const native = process.env.SKILLMESH_CLI;
const packed = new URL("./node_modules/skillmesh/bin/skillmesh.js", import.meta.url).pathname;
const queries = `${[
  { id: "1", text: "blur a face", expert: "video.blur" },
  { id: "2", text: "plot numbers", expert: "viz.plot" },
].map((line) => JSON.stringify(line)).join("\n")}\n`;
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "skillmesh-npx-"));
  mkdirSync(join(folder, "mine/pdf"), { recursive: true });
  mkdirSync(join(folder, "elsewhere"));
  const cards = "- id: video.blur\n  title: Blur faces\n  instruction_file: blur.md\n- id: viz.plot\n  title: Plot numbers\n";
  writeFileSync(join(folder, "mine/experts.yaml"), cards);
  writeFileSync(join(folder, "mine/blur.md"), "Find every face, then blur it.\n");
  writeFileSync(join(folder, "mine/pdf/SKILL.md"), "---\nname: pdf\ndescription: Fills in forms\n---\nOpen the form.\n");
  writeFileSync(join(folder, "queries.jsonl"), queries);
});

function ran(program, words, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(program[0], [...program.slice(1), ...words], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

const byRust = (words, cwd) => ran([native], words, cwd);
const byNode = (words, cwd) => ran([process.execPath, packed], words, cwd);

/** What both programs say, which must be the same. */
function same(words, cwd) {
  const expected = byRust(words, cwd);
  assert.deepEqual(byNode(words, cwd), expected);
  return expected;
}

test("a snapshot with vectors has the same bytes, whatever the path is relative to", () => {
  assert.equal(byRust(["build", "mine", "--out", "rust.msgpack"]).status, 0);
  const made = byNode(["build", "../mine", "--out", join(folder, "node.msgpack")], join(folder, "elsewhere"));
  assert.match(made.stdout, /3 cards, .* vectors/);
  assert.deepEqual(readFileSync(join(folder, "node.msgpack")), readFileSync(join(folder, "rust.msgpack")));
});

test("queries are answered alike", () => {
  const of = ["--snapshot", "rust.msgpack"];
  assert.match(same(["retrieve", ...of, "--query", "hide a face", "--mode", "hybrid", "--json"]).stdout, /"video.blur"/);
  assert.match(same(["emit", ...of, "--query", "hide a face", "--provider", "claude", "--top-k", "1"]).stdout, /then blur it/);
  assert.equal(same(["eval", "--corpus", "rust.msgpack", "--queries", "queries.jsonl", "--json"]).status, 0);
  assert.equal(same(["validate", "mine"]).status, 0);
});

test("what goes wrong is said alike", () => {
  assert.equal(same(["retrieve", "--snapshot", "rust.msgpack", "--query", "zxqj", "--mode", "sparse"]).status, 1);
  assert.match(byNode(["build", "nowhere", "--out", "x"]).stderr, /nowhere.*cannot be read/);
  assert.equal(same(["retrive"]).status, 2);
});

test("a link out of the registry's folder is not read", () => {
  mkdirSync(join(folder, "leaky"));
  writeFileSync(join(folder, "secret.md"), "secret");
  symlinkSync("../secret.md", join(folder, "leaky/a.md"));
  writeFileSync(join(folder, "leaky/experts.yaml"), "- id: a\n  title: A\n  instruction_file: a.md\n");
  const refused = byNode(["build", "leaky", "--no-dense", "--out", "leaky.msgpack"]);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /path-escape/);
});

test("a sync keeps the snapshot up to date, or says why it can't", () => {
  const synced = byNode(["sync", "mine", "--snapshot", "rust.msgpack"]);
  assert.equal(synced.status, 2);
  assert.match(synced.stderr, /cannot be locked/);
});
