// Does the server add documents without touching others, and answer while it still reads, embeds, or cannot?
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { cli, overStdio, raw } from "./mcp-server.mjs";

const snapshot = process.env.SKILLMESH_SNAPSHOT;
const model = resolve(process.env.SKILLMESH_MODEL);
const folder = mkdtempSync(join(tmpdir(), "skillmesh-mcp-documents-"));
const at = (name) => join(folder, name);
// The figures of whoever runs this are nobody's business here.
process.env.SKILLMESH_DATA_DIR = folder;
delete process.env.SKILLMESH_METRICS;

const run = (...args) => execFileSync(cli, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

const hasMetrics = !/built without metrics/.test(spawnSync(cli, ["metrics", "health", "--db", at("probe.duckdb")]).stderr);

function put(files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(at(name), ".."), { recursive: true });
    writeFileSync(at(name), text);
  }
}

const skill = (name, description) => `---\nname: ${name}\ndescription: ${description}\n---\nDo it.\n`;

/** Skills in a folder, and the snapshot that is to be made of them. */
function skills(name) {
  const add = (id, description) => put({ [`${name}/${id}/SKILL.md`]: skill(id, description) });
  add("map", "Draws maps of places");
  add("pdf", "Fills in forms of PDF files");
  return { path: at(name), file: at(`${name}.msgpack`), add };
}

async function call(client, name, args = {}) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, result.content[0].text);
  return result.structuredContent;
}

async function refused(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert.equal(result.isError, true, JSON.stringify(result));
  return result.content[0].text;
}

const found = async (client, args) => (await call(client, "search_documents", args)).pages.map(({ path }) => path);

const adding = (name, folder) => overStdio(["--snapshot", snapshot, "--docs", at(name), "--docs-folder", at(folder)]);

async function until(what) {
  for (let n = 0; n < 1200 && !(await what()); n++) await pause(50);
  assert.ok(await what(), String(what));
}

test("a document that is added opens none that an audience did not get", async () => {
  put({ "a/guide.md": "# Guide\n\nThe moon.\n", "a/secret/plan.md": "---\nskills: [planner]\n---\n# Plan\n\nThe plan for the moon.\n" });
  run("ingest", at("a"), "--audience", "code", "--no-dense", "--out", at("a.msgpack"));
  const client = await adding("a.msgpack", "a");
  const added = await call(client, "ingest_document", { path: "new.md", text: "# New\n\nThe new moon.\n" });
  assert.deepEqual([added.path, added.documents, added.embedded], ["new.md", 2, 0]);
  assert.deepEqual((await found(client, { query: "moon", skills: ["planner"] })).sort(), ["guide.md", "new.md"]);
  assert.ok(!readFileSync(at("a.msgpack")).includes("plan"));
  const taken = await refused(client, "ingest_document", { path: "secret/plan.md", text: "# Mine\n\nMine.\n" });
  assert.equal(taken.replace("secret/plan.md", "guide.md"), await refused(client, "ingest_document", { path: "guide.md", text: "# Mine\n\nMine.\n" }));
  assert.match(await refused(client, "ingest_document", { path: "secret/plan.md", text: "# Mine\n\nMine.\n", replace: true }), /cannot be replaced/);
  assert.match(readFileSync(at("a/secret/plan.md"), "utf8"), /The plan/);
  await client.close();
});

test("readers, collections, addresses and other folders' documents stay as they were ingested", async () => {
  put({ "b/docs/x.md": "# X\n\nThe moon.\n", "b/more/y.md": "# Y\n\nThe moon.\n" });
  run("ingest", at("b"), "--skills", "planner", "--collection", "handbook", "--base-url", "https://example.org", "--tags", "t", "--no-dense", "--out", at("b.msgpack"));
  const client = await adding("b.msgpack", "b/docs");
  assert.match(await refused(client, "ingest_document", { path: "new.md", text: "# New\n\nNew." }), /every document here is for certain skills/);
  assert.ok(!existsSync(at("b/docs/new.md")));
  await call(client, "ingest_document", { path: "new.md", text: "---\nskills: [writer]\n---\n# New\n\nThe moon.\n" });
  assert.deepEqual(await found(client, { query: "moon", collection: ["handbook"] }), []);
  assert.deepEqual(await found(client, { query: "moon", skills: ["writer"] }), ["docs/new.md"]);
  const { pages } = await call(client, "search_documents", { query: "moon", skills: ["planner"], tags: ["t"], collection: ["handbook"] });
  assert.deepEqual(pages.map(({ url }) => url).sort(), ["https://example.org/docs/x.md", "https://example.org/more/y.md"]);
  // The stricter snapshot that somebody writes meanwhile is the one that counts.
  run("ingest", at("b"), "--skills", "boss", "--no-dense", "--out", at("b.msgpack"));
  await call(client, "ingest_document", { path: "newer.md", text: "---\nskills: [writer]\n---\n# Newer\n\nThe moon.\n" });
  assert.deepEqual(await found(client, { query: "moon", skills: ["planner"] }), []);
  assert.equal((await found(client, { query: "moon", skills: ["boss"] })).length, 2);
  await client.close();
});

test("only what is new is embedded, and what nobody waits for is not written", async () => {
  const sections = Array.from({ length: 40 }, (_, n) => `# Part ${n}\n\n${"A word or two of the moon. ".repeat(40)}${n}\n`).join("\n");
  put({ "c/old.md": "# Old\n\nThe old moon.\n\n## More\n\nMore of it.\n" });
  run("ingest", at("c"), "--out", at("c.msgpack"));
  const server = raw(["--snapshot", snapshot, "--docs", at("c.msgpack"), "--docs-folder", at("c")]);
  await server.begin();
  const add = (args, id, meta = {}) => server.ask("tools/call", { name: "ingest_document", arguments: args, ...meta }, id);
  const { result } = await add({ path: "one.md", text: "# One\n\nOne.\n" });
  assert.deepEqual([result.structuredContent.embedded, result.structuredContent.chunks], [1, 3]);
  const again = await add({ path: "one.md", text: "# One\n\nOne.\n\n## Two\n\nTwo.\n", replace: true });
  assert.equal(again.result.structuredContent.embedded, 1, "what was there keeps its vector");
  const before = readFileSync(at("c.msgpack"));
  const cancelled = assert.rejects(add({ path: "long.md", text: sections }, 77, { _meta: { progressToken: "far" } }), /ended with 0 before/);
  await until(() => server.heard.some(({ method }) => method === "notifications/progress"));
  server.send(JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 77 } }));
  assert.equal((await add({ path: "two.md", text: "# Two\n\nTwo.\n" })).result.structuredContent.documents, 3);
  assert.ok(!existsSync(at("c/long.md")));
  assert.ok(before.length > 0 && !readFileSync(at("c.msgpack")).includes("long.md"));
  const gone = once(server.program, "exit");
  server.program.stdin.end();
  assert.deepEqual(await gone, [0, null]);
  await cancelled;
});

test("what would not be found is not written, and what was half done is done when it is asked for again", async () => {
  put({ "d/.gitignore": "drafts/\n", "d/x.md": "# X\n\nX.\n" });
  run("ingest", at("d"), "--no-dense", "--out", at("d.msgpack"));
  const client = await adding("d.msgpack", "d");
  assert.match(await refused(client, "ingest_document", { path: "drafts/a.md", text: "# A\n\nA." }), /would not be found/);
  assert.ok(!existsSync(at("d/drafts")));
  mkdirSync(at("d.msgpack.new/inside"), { recursive: true });
  assert.match(await refused(client, "ingest_document", { path: "a.md", text: "# A\n\nA." }), /^io: .*d\.msgpack: the file cannot be written/);
  assert.ok(!existsSync(at("d/a.md")));
  rmSync(at("d.msgpack.new"), { recursive: true });
  for (const times of [1, 2]) assert.equal((await call(client, "ingest_document", { path: "a.md", text: "# A\n\nA." })).documents, 2, times);
  await client.close();
});

test("a server answers by keywords at once, and by meaning when the vectors are there", { skip: !existsSync("/usr/bin/mkfifo") && "no pipes with names" }, async () => {
  const few = skills("few");
  const pipe = at("model.pipe");
  execFileSync("mkfifo", [pipe]);
  for (const args of [["--registry", few.path], ["--snapshot", few.file, "--watch", few.path]]) {
    // Whoever opens the model waits until somebody gives it.
    const client = await overStdio(args, { env: { SKILLMESH_MODEL: pipe } });
    const mode = async () => (await call(client, "retrieve", { query: "draw a map" })).mode;
    assert.equal(await mode(), "sparse");
    const giving = spawn("sh", ["-c", 'while :; do cat "$0" > "$1"; sleep 1; done', model, pipe], { detached: true });
    await until(async () => (await mode()) === "hybrid");
    const { ok, model: of, skills } = await call(client, "health_check");
    assert.deepEqual([ok, skills, of.dimensions > 0], [true, 2, true]);
    await client.close();
    process.kill(-giving.pid);
  }
});

test("a snapshot gets its vectors while it is watched, unless none are wanted", async () => {
  const kept = skills("sparse");
  run("build", kept.path, "--no-dense", "--out", kept.file);
  const client = await overStdio(["--snapshot", kept.file, "--watch", kept.path, "--no-dense"]);
  assert.equal((await call(client, "sync")).embedded, 0);
  kept.add("moon", "Flies to the moon");
  await until(async () => (await call(client, "retrieve", { query: "fly to the moon" })).hits[0]?.id === "moon");
  assert.equal((await call(client, "retrieve", { query: "maps" })).mode, "sparse");
  await client.close();
  const dense = await overStdio(["--snapshot", kept.file, "--watch", kept.path]);
  await until(async () => (await call(dense, "retrieve", { query: "maps", mode: "auto" })).mode === "hybrid");
  assert.equal((await call(dense, "retrieve", { query: "maps", mode: "dense" })).mode, "dense");
  assert.equal((await call(dense, "health_check")).ok, true);
  await dense.close();
  const alone = await overStdio(["--registry", kept.path, "--no-dense"]);
  await pause(1000);
  assert.equal((await call(alone, "retrieve", { query: "maps" })).mode, "sparse");
  await alone.close();
});

test("a model that comes later is found when the files are looked at", async () => {
  const kept = skills("later");
  run("sync", kept.path, "--snapshot", kept.file);
  const alone = at("skillmesh"); // a program that lies where no model is beside it
  cpSync(realpathSync(cli), alone);
  const client = await overStdio(["--snapshot", kept.file, "--watch", kept.path], { program: alone, env: { SKILLMESH_MODEL: "", XDG_CACHE_HOME: at("cache") } });
  assert.equal((await call(client, "retrieve", { query: "maps" })).mode, "sparse");
  assert.match((await call(client, "health_check")).warnings[0], /there is no model/);
  mkdirSync(at("cache/skillmesh/models"), { recursive: true });
  symlinkSync(model, at("cache/skillmesh/models/skillmesh-mini.msgpack"));
  await call(client, "sync");
  assert.equal((await call(client, "retrieve", { query: "maps" })).mode, "hybrid");
  assert.deepEqual((await call(client, "health_check")).warnings, []);
  await client.close();
});

test("a snapshot that cannot be read is made anew while its files answer", async () => {
  const kept = skills("broken");
  run("build", kept.path, "--no-dense", "--out", kept.file);
  const bytes = readFileSync(kept.file);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(kept.file, bytes);
  const client = await overStdio(["--snapshot", kept.file, "--watch", kept.path]);
  assert.equal((await call(client, "retrieve", { query: "maps" })).hits[0].id, "map");
  await until(() => !readFileSync(kept.file).equals(bytes));
  run("inspect", kept.file);
  await until(async () => (await call(client, "index_stats")).answers);
  await client.close();
});

test("health_check tells what fails, and index_stats what answers", async () => {
  const kept = skills("health");
  writeFileSync(at("no.duckdb"), "this is no database");
  const client = await overStdio(["--snapshot", kept.file, "--watch", kept.path, "--no-dense", "--db", at("no.duckdb")]);
  await until(() => existsSync(kept.file));
  const health = () => call(client, "health_check");
  const { ok, skills: all, metrics, warnings } = await health();
  assert.deepEqual([all, metrics, ok], [2, null, !hasMetrics], "a database that is none hides nothing else");
  assert.ok(!hasMetrics || /no\.duckdb/.test(warnings[0]), warnings[0]);
  rmSync(at("health"), { recursive: true });
  await until(async () => (await health()).warnings.some((said) => /health/.test(said)));
  assert.equal((await health()).ok, false);
  kept.add("map", "Draws maps of places");
  await until(async () => !(await health()).warnings.some((said) => /health.*cannot be read/.test(said)));
  await client.close();

  run("build", kept.path, "--no-dense", "--out", kept.file);
  const other = await overStdio(["--snapshot", kept.file]);
  assert.equal((await call(other, "index_stats")).answers, true);
  kept.add("moon", "Flies to the moon");
  run("build", kept.path, "--no-dense", "--out", kept.file);
  assert.equal((await call(other, "index_stats")).answers, false);
  await other.close();
});

test("skills follow their files though nobody hears or reads what is said of them", async () => {
  const kept = skills("deaf");
  const server = raw(["--snapshot", kept.file, "--watch", kept.path, "--no-dense"]);
  server.program.stderr.destroy();
  await server.begin();
  const best = async (query) => (await server.ask("tools/call", { name: "retrieve", arguments: { query } })).result.structuredContent.hits[0]?.id;
  put(Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`deaf/${"long-".repeat(10)}${n}/SKILL.md`, "no front matter"])));
  kept.add("moon", "Flies to the moon");
  await until(async () => (await best("fly to the moon")) === "moon");
  kept.add("sun", "Sails around the sun");
  await until(async () => (await best("sail around the sun")) === "sun");
  const gone = once(server.program, "exit");
  server.program.stdin.end();
  assert.deepEqual(await gone, [0, null]);
});

test("how much use counts can be said, as in the terminal", async () => {
  const client = await overStdio(["--snapshot", snapshot]);
  for (const [name, said] of [["retrieve", "query"], ["emit", "query"], ["discover", "query"], ["suggest", "task"], ["auto_route", "task"]]) {
    for (const usage_weight of [0, 0.5]) await call(client, name, { [said]: "draw a map", usage_weight });
    assert.match(await refused(client, name, { [said]: "draw a map", usage_weight: 2 }), /arguments\/usage_weight/);
  }
  await client.close();
});
