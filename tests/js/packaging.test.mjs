// Does the runner of the hosts see what it should, and does it end?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { problem } from "../packaging/contents.mjs";
import { figuresOf, keeping, shown } from "../packaging/docs.mjs";
import { started, within } from "../packaging/process.mjs";

test("a command that hangs is ended with its children, and one that is not there is an error", { timeout: 60_000 }, async () => {
  await assert.rejects(within(500, ".", "sh", "-c", "echo begun; sleep 600 & sleep 600"), /sh -c .*: not done after 0\.5 s\nbegun/);
  await assert.rejects(within(9000, ".", "there-is-no-such-command"), /there-is-no-such-command : exit code -?\d+\n.*ENOENT/);
  await assert.rejects(started(".", "http://127.0.0.1:9/", ["x"], "there-is-no-such-command"), /no answer at .*\n.*ENOENT/);
  assert.equal(await within(9000, ".", "echo", "done"), "done\n");
});

test("every file of the package has a size", () => {
  assert.equal(problem("mesh.js", 10_000, 11_000), undefined);
  assert.match(problem("mesh.js", 10_000, 10_000_000), /^mesh\.js: 10000000 bytes, expected 10000, 2000 more or less/);
  assert.match(problem("x.wasm", 10_000, 10_300), /^x\.wasm: 10300 bytes/);
  assert.match(problem("odd.js", undefined, 5), /^odd\.js: in the package, not in contents\.json/);
});

test("a document must show what was tested", async () => {
  const file = () => "a\n";
  assert.deepEqual(await shown("d.md", "```js projects/x.js\na\n```\n", file), []);
  assert.match((await shown("d.md", "```js projects/x.js\nb\n```\n", file))[0], /the block projects\/x\.js is not that file/);
  assert.match((await shown("d.md", "```js\nb\n```\n", file))[0], /no block names a file/);
});

test("an example must let go of a load that failed", () => {
  assert.equal(keeping("x.js", "mesh ??= SkillMesh.load(place);").length, 1);
  assert.equal(keeping("x.js", "mesh ??= load(env);").length, 1);
  assert.equal(keeping("x.js", "mesh ??= load(env).catch(() => { mesh = undefined; });").length, 0);
});

test("figures of the documents are those of the run", () => {
  const text = "about 17 kB of scripts and 254 kB of wasm (gzip), 195 kB more for meaning, beside the model of 5.2 MB, 168 kB\nmore at the first `upsert`; wasm is 0.88 MB of what";
  const sizes = { js: 17_000, core: 254_000, embed: 195_000, index: 168_000, build: 264_000 };
  assert.deepEqual(figuresOf(text, sizes), []);
  assert.match(figuresOf(text, { ...sizes, index: 193_000 })[0], /says 168, the run says 193/);
  assert.deepEqual(figuresOf(text, { ...sizes, js: undefined }), []); // no host was run that tells
});

test("nothing asks for provenance where only some machines can give it", () => {
  for (const name of ["package.json", "model-minilm/package.json"]) {
    const { publishConfig } = JSON.parse(readFileSync(new URL(`../../pkg-templates/${name}`, import.meta.url)));
    assert.deepEqual(publishConfig, { access: "public" });
  }
});

test("what the benchmarks' questions are labelled with is still in the documents", () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const anchor = (heading) => heading.toLowerCase().replace(/[^\w\s-]/g, "").trim().replace(/\s+/g, "-");
  const anchors = (markdown) => [...markdown.replace(/^```.*?^```/gms, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));
  const questions = read("bench/docs/questions.jsonl").trim().split("\n").map((line) => JSON.parse(line)).filter(({ site }) => site === "docs");
  assert.ok(questions.length >= 20);
  for (const [path, wanted] of questions.flatMap(({ pages }) => pages.map((page) => page.split("#")))) {
    const found = anchors(read(`${path}.md`));
    assert.ok(wanted === undefined || found.includes(wanted), `${path} has no heading #${wanted}`);
  }
});
