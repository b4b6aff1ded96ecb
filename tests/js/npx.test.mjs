// Is `npx skillmesh` the same program as the native one? Same words in, same bytes, messages and exit codes out.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

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

test("the package's model is found where nobody names one, whatever folder of models somebody has", () => {
  const env = { ...process.env, SKILLMESH_MODEL: "", SKILLMESH_MODELS: folder, XDG_CACHE_HOME: join(folder, "nowhere") };
  const run = (...words) => spawnSync(process.execPath, [packed, ...words], { cwd: folder, encoding: "utf8", env });
  assert.equal(run("build", "mine", "--out", "unnamed.msgpack").status, 0);
  assert.match(run("inspect", "unnamed.msgpack").stdout, /^model +skillmesh-mini,/m);
  assert.match(run("retrieve", "--snapshot", "unnamed.msgpack", "--query", "hide a face", "--json").stdout, /"mode": "hybrid"/);
});

test("queries are answered alike", () => {
  const of = ["--snapshot", "rust.msgpack"];
  assert.match(same(["retrieve", ...of, "--query", "hide a face", "--mode", "hybrid", "--json"]).stdout, /"video.blur"/);
  assert.match(same(["emit", ...of, "--query", "hide a face", "--provider", "claude", "--top-k", "1"]).stdout, /then blur it/);
  assert.equal(same(["eval", "--corpus", "rust.msgpack", "--queries", "queries.jsonl", "--json"]).status, 0);
  assert.equal(same(["validate", "mine"]).status, 0);
});

test("a site has the same bytes", () => {
  mkdirSync(join(folder, "shared/map/scripts"), { recursive: true });
  writeFileSync(join(folder, "shared/map/SKILL.md"), "---\nname: map\ndescription: Draws maps\n---\nRun it.\n");
  writeFileSync(join(folder, "shared/map/scripts/draw.sh"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(folder, "shared/map/scripts/bare.sh"), "#!/bin/sh\n", { mode: 0o644 });
  writeFileSync(join(folder, "shared/map/scripts/program"), "no script\n", { mode: 0o755 });
  for (const [by, site] of [[byRust, "site-rust"], [byNode, "site-node"]]) {
    assert.match(by(["publish", "mine", "shared", "--out", site]).stdout, /^Published 4 skills \(1 archive\) in /);
  }
  const place = ".well-known/agent-skills";
  for (const file of ["index.json", "map.tar.gz", "pdf/SKILL.md", "video-blur/SKILL.md"]) {
    assert.deepEqual(readFileSync(join(folder, "site-node", place, file)), readFileSync(join(folder, "site-rust", place, file)), file);
  }
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

/** A copy of the registry that a test may change, and what to write beside it. */
function changeable(name) {
  cpSync(join(folder, "mine"), join(folder, name), { recursive: true });
  const change = (text) => writeFileSync(join(folder, name, "blur.md"), text);
  return { change, bytes: (file) => readFileSync(join(folder, file)) };
}

test("what is there already is written over", () => {
  const { change, bytes } = changeable("again");
  for (const text of ["Blur it.\n", "Blur it twice.\n"]) {
    change(text);
    for (const words of [["build", "again", "--no-dense"], ["ingest", "again/blur.md", "--no-dense"]]) {
      const [here, native] = [`${words[0]}.node.msgpack`, `${words[0]}.rust.msgpack`];
      const { stdout, ...ended } = byNode([...words, "--out", here]);
      const said = byRust([...words, "--out", native]);
      assert.deepEqual({ ...ended, stdout: stdout.replace(here, native) }, said);
      assert.deepEqual(bytes(here), bytes(native));
    }
  }
});

test("a sync keeps the snapshot up to date, and a build may follow it", () => {
  const { change, bytes } = changeable("kept");
  const both = (words) => {
    const [node, rust] = [byNode, byRust].map((by, n) => by(words.map((word) => word.replace("*", ["node", "rust"][n]))));
    assert.deepEqual({ ...node, stdout: node.stdout.replaceAll("kept.node", "kept.rust") }, rust);
    assert.deepEqual(bytes("kept.node.msgpack"), bytes("kept.rust.msgpack"));
    return node;
  };
  const sync = ["sync", "kept", "--snapshot", "kept.*.msgpack"];
  assert.match(both(sync).stdout, /\+3 ~0 -0 of 3 cards/);
  change("Find no face.\n");
  assert.match(both(sync).stdout, /\+0 ~1 -0 of 3 cards/);
  assert.match(both(sync).stdout, /\+0 ~0 -0 of 3 cards/);
  assert.equal(both(["build", "kept", "--out", "kept.*.msgpack"]).status, 0);
});

test("outcomes are remembered one after the other", () => {
  byRust(["build", "mine", "--no-dense", "--out", "skills.msgpack"]);
  const about = ["--snapshot", "skills.msgpack", "--learnt", "learnt.msgpack", "--query", "hide a face"];
  const outcome = ["outcome", ...about, "--skill", "video.blur", "--success"];
  for (const time of [1, 2]) assert.deepEqual(byNode(outcome), { status: 0, stdout: "Remembered in learnt.msgpack\n", stderr: "" }, `time ${time}`);
  assert.match(same(["discover", ...about, "--json"]).stdout, /"video.blur"/);
});

/** A program that runs while the test goes on, and no longer. */
function begun(t, words) {
  const child = spawn(process.execPath, [packed, ...words], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const run = { stderr: "", ended: new Promise((resolve) => child.on("exit", resolve)) };
  t.after(() => child.kill("SIGKILL"));
  child.stderr.setEncoding("utf8").on("data", (text) => (run.stderr += text));
  return run;
}

const until = async (isSo) => {
  for (const end = Date.now() + 60_000; !isSo(); await pause(20)) assert.ok(Date.now() < end, "waited for a minute");
};

test("two syncs at once both end well, and leave what one would", async (t) => {
  const sync = ["sync", "mine", "--snapshot", "twice.msgpack"];
  const runs = [begun(t, sync), begun(t, sync)];
  assert.deepEqual(await Promise.all(runs.map(({ ended }) => ended)), [0, 0], runs.map(({ stderr }) => stderr).join(""));
  byRust(["build", "mine", "--out", "once.msgpack"]);
  assert.deepEqual(readFileSync(join(folder, "twice.msgpack")), readFileSync(join(folder, "once.msgpack")));
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("twice")).sort(), ["twice.msgpack", "twice.msgpack.sync"]);
});

test("a lock that a killed program left is said in a sentence, and holds nobody for ever", async (t) => {
  const [sync, lock] = [["sync", "mine", "--no-dense", "--snapshot", "left.msgpack"], join(folder, "left.msgpack.held")];
  writeFileSync(lock, "");
  const waiting = begun(t, sync);
  await until(() => waiting.stderr.endsWith("\n"));
  assert.match(waiting.stderr, /^note: waiting for another program that writes left\.msgpack/);
  rmSync(lock);
  assert.equal(await waiting.ended, 0);
  writeFileSync(lock, "");
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(lock, longAgo, longAgo);
  assert.deepEqual({ ...byNode(sync), stdout: "" }, { status: 0, stdout: "", stderr: "" });
  assert.ok(!existsSync(lock));
});

const preloaded = (script, words) => ran([process.execPath, "--import", `data:text/javascript,${encodeURIComponent(script)}`, packed], words);

test("V8 makes no fast calls into WASI where they break the heap", () => {
  const spy = `
    import v8 from "node:v8";
    import { syncBuiltinESMExports } from "node:module";
    const { setFlagsFromString } = v8, { compile } = WebAssembly, said = [];
    v8.setFlagsFromString = (flag) => (said.push(flag), setFlagsFromString(flag));
    WebAssembly.compile = (bytes) => (console.error(said.join()), compile(bytes));
    syncBuiltinESMExports();`;
  const { stderr, status } = preloaded(spy, ["--version"]);
  assert.deepEqual({ stderr, status }, { stderr: Number.parseInt(process.versions.node) < 24 ? "--no-turbo-fast-api-calls\n" : "\n", status: 0 });
});

test("what wasm cannot say is said in a sentence too", () => {
  const windows = preloaded(`Object.defineProperty(process, "platform", { value: "win32" });`, ["--version"]);
  const message = "error: this program runs on Linux and macOS; on Windows run it in WSL, or use the native program\n";
  assert.deepEqual(windows, { status: 2, stdout: "", stderr: message });
  const gone = mkdtempSync(join(folder, "gone-"));
  const left = ran(["sh", "-c", 'rmdir "$PWD" && exec "$0" "$@"', process.execPath, packed], ["--version"], gone);
  assert.deepEqual(left, { status: 2, stdout: "", stderr: "error: the working folder is no longer there; go to another one\n" });
});
