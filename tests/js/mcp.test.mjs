// Does the official client get from `skillmesh mcp` what the terminal gives, over both transports, whatever else is sent?
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ResourceListChangedNotificationSchema, ResultSchema, ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { call, cli, meta, oddity, overHttp, overStdio, raw, refused, scratch, seeded, served, skillsIn } from "./mcp-server.mjs";

const snapshot = process.env.SKILLMESH_SNAPSHOT;
const run = (...args) => execFileSync(cli, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const folder = scratch("mcp");
const at = (name) => join(folder, name);
const hasMetrics = !/built without metrics/.test(spawnSync(cli, ["metrics", "health", "--db", at("probe.duckdb")]).stderr);
let all;

/** A folder of skills that may change. */
const skills = (name) => skillsIn(at(name));

before(() => {
  mkdirSync(at("docs/secret"), { recursive: true });
  writeFileSync(at("docs/guide.md"), "# Guide\n\nInstall the program, then build a snapshot.\n");
  writeFileSync(at("docs/secret/plan.md"), "---\nskills: [planner]\n---\n# Plan\n\nThe plan of the snapshot.\n");
  run("ingest", at("docs"), "--out", at("docs.msgpack"));
  const kept = skills("kept");
  all = ["--snapshot", kept.file, "--watch", kept.path, "--docs", at("docs.msgpack"), "--docs-folder", at("docs"), "--learnt", at("learnt.msgpack")];
  if (hasMetrics) all.push("--db", at("metrics.duckdb"));
});

test("the skills of a snapshot are found as in the terminal, and read where they are said to be", async () => {
  const client = await overStdio(["--snapshot", snapshot]);
  const query = "deploy a container to kubernetes";
  const { hits, mode, confidence, text } = await call(client, "retrieve", { query });
  const { hits: expected } = JSON.parse(run("retrieve", "--snapshot", snapshot, "--query", query, "--json"));
  assert.deepEqual(hits.map(({ id, score }) => [id, score]), expected.map(({ id, score }) => [id, score]));
  assert.equal(mode, "hybrid");
  assert.equal(confidence.level, "high");
  assert.ok(text.includes(hits[0].title) && !("explain" in hits[0]));
  assert.ok((await call(client, "retrieve", { query, explain: true, top_k: 1 })).hits[0].explain.dense);
  const { contents } = await client.readResource({ uri: hits[0].uri });
  assert.equal(contents[0].mimeType, "text/markdown");
  assert.match(contents[0].text, /^---\nname: "kubernetes"\ndescription: "Deploys/);
  const { block, hits: emitted } = await call(client, "emit", { query, provider: "codex", top_k: 1 });
  assert.equal(block, run("emit", "--snapshot", snapshot, "--query", query, "--provider", "codex", "--top-k", "1"));
  assert.deepEqual(emitted.map(({ id }) => id), ["cloud.kubernetes"]);
  const { skills: found } = await call(client, "discover", { query, filter: { domain: ["security"] }, top_k: 2 });
  assert.equal(found.length, 2);
  const { best, alternatives } = await call(client, "suggest", { task: query });
  assert.deepEqual([best.id, alternatives.length], ["cloud.kubernetes", 4]);
  assert.equal((await call(client, "suggest", { task: "xyzzy" })).best, null);
  const { to_load } = await call(client, "auto_route", { task: query, loaded: [] });
  assert.ok(to_load.includes("cloud.kubernetes"));
  assert.equal((await call(client, "index_stats")).cards, 62);
  assert.equal((await call(client, "health_check")).ok, true);
  const { roles } = await call(client, "roles");
  const [role] = (await call(client, "roles", { role: roles[0].id })).roles;
  assert.ok(role.instructions && role.experts.length >= roles[0].experts.length);
  await client.close();
});

test("what cannot work as the server was started is not offered, and tools say what they do", async () => {
  const client = await overStdio(["--registry", skills("offered").path]);
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name);
  for (const missing of ["search_documents", "ingest_document", "sync", "index_stats", "record_outcome"]) assert.ok(!names.includes(missing), missing);
  for (const tool of tools) {
    const { annotations, inputSchema, outputSchema, description, title } = tool;
    assert.ok(title && description && outputSchema.type === "object" && inputSchema.type === "object", tool.name);
    assert.deepEqual([annotations.readOnlyHint, annotations.openWorldHint], [true, false], tool.name);
    for (const [name, schema] of Object.entries(inputSchema.properties)) assert.ok(schema.description, `${tool.name}.${name}`);
  }
  assert.equal((await call(client, "retrieve", { query: "maps" })).hits[0].id, "map");
  await assert.rejects(client.callTool({ name: "sync", arguments: {} }), /-32602.*no tool is called `sync`/);
  assert.equal(client.getServerCapabilities().tools.listChanged, undefined);
  await client.close();
});

test("arguments that do not fit are told by place, as errors of the tool", async () => {
  const client = await overStdio(["--snapshot", snapshot]);
  const says = async (args, said) => {
    const { code, message } = await refused(client, "retrieve", args);
    assert.equal(code, "invalid-argument");
    assert.match(message, said);
  };
  await says({}, /^arguments: "query" is a required property/);
  await says({ query: "x", top_k: 0 }, /^arguments\/top_k: 0 is less than the minimum of 1/);
  await says({ query: "x", topk: 1 }, /'topk' was unexpected/);
  await says({ query: "x", filter: { domain: "a" } }, /^arguments\/filter\/domain: "a" is not of type "array"/);
  await says({ query: ["x".repeat(5000)] }, /^arguments\/query: .{1,400}$/s);
  await says({ query: 'risk_level:"' + "x", mode: "dense", min_confidence: 2 }, /min_confidence/);
  assert.equal((await call(client, "retrieve", { query: "git", top_k: 1.0 })).hits.length, 1);
  await client.close();
});

test("skills are resources with entries of their own, in pages and folders, and nothing else is", async () => {
  const many = skills("many");
  for (let n = 0; n < 120; n++) many.add(`skill-${n}`, `Does the thing of number ${n}`);
  run("build", many.path, "--no-dense", "--out", many.file);
  const client = await overStdio(["--snapshot", many.file]);
  const listed = [];
  for (let cursor, page; !page || cursor; cursor = page.nextCursor) listed.push(...(page = await client.listResources({ cursor })).resources);
  assert.deepEqual([listed.length, new Set(listed.map(({ uri }) => uri)).size], [122, 122]);
  const ask = (method, params = {}) => client.request({ method, params }, ResultSchema);
  assert.deepEqual(client.getServerCapabilities().extensions["io.modelcontextprotocol/skills"], { directoryRead: true });
  const first = await ask("skills/list");
  assert.equal(first.skills.length, 100);
  const rest = await ask("skills/list", { cursor: first.nextCursor });
  assert.deepEqual([rest.skills.length, rest.nextCursor], [22, undefined]);
  for (const entry of [first.skills[0], rest.skills[0]]) {
    const { contents } = await client.readResource({ uri: entry.uri });
    const digest = createHash("sha256").update(contents[0].text).digest("hex");
    assert.deepEqual(entry.resources, [{ uri: entry.uri, digest: `sha256:${digest}`, size: Buffer.byteLength(contents[0].text) }]);
    assert.equal(entry.uri.split("/").at(-2), entry.frontmatter.name);
    assert.deepEqual((await ask("skills/get", { uri: entry.uri })).skill, entry);
  }
  const { resources } = await ask("resources/directory/read", { uri: "skill://pdf" });
  assert.deepEqual(resources.map(({ uri, mimeType }) => [uri, mimeType]), [["skill://pdf/SKILL.md", "text/markdown"]]);
  for (const uri of ["skill://none/SKILL.md", "skill://pdf", "skill://pdf/../map/SKILL.md", "file:///etc/passwd", "", "skill://pdf/SKILL.md?x"]) {
    await assert.rejects(client.readResource({ uri }), { code: -32002 }, uri);
    await assert.rejects(ask("skills/get", { uri }), { code: -32602 }, uri);
  }
  for (const uri of ["skill://none", "skill://pdf/", "skill://pdf/SKILL.md", "skill://"]) await assert.rejects(ask("resources/directory/read", { uri }), { code: -32602 });
  await assert.rejects(client.listResources({ cursor: "7" }), { code: -32602 });
  await client.close();
});

test("ids with dots are folders, and skills that lie in another one's folder belong to it", async () => {
  writeFileSync(at("nested.yaml"), "- id: git\n  title: Git\n- id: git.rebase\n  title: Rebase\n- id: Git\n  title: Other\n");
  const client = await overStdio(["--registry", at("nested.yaml")]);
  const { skills: found } = await client.request({ method: "skills/list", params: {} }, ResultSchema);
  const files = Object.fromEntries(found.map(({ uri, resources }) => [uri, resources.map(({ uri }) => uri)]));
  assert.deepEqual(files, {
    "skill://git/SKILL.md": ["skill://git/SKILL.md", "skill://git/rebase/SKILL.md"],
    "skill://git-b949c922/SKILL.md": ["skill://git-b949c922/SKILL.md"],
    "skill://git/rebase/SKILL.md": ["skill://git/rebase/SKILL.md"],
  });
  const { resources } = await client.request({ method: "resources/directory/read", params: { uri: "skill://git" } }, ResultSchema);
  assert.deepEqual(resources.map(({ name, mimeType }) => [name, mimeType]), [["git", "text/markdown"], ["rebase", "inode/directory"]]);
  await client.close();
});

test("what a card says cannot break out of its file's front matter", async () => {
  const odd = ["---", "a: b", "- x", "'", '"', "\\", "{}", "null", "~", "| >", "%", "@x", "&a", "!x", "x #y", "---\nname: other\n---", "\u0000", "\u0085\u2028\ufeff\u007f", "<script>", "💥"];
  const tools = odd.map((text, n) => ({ id: `odd-${n}`, title: `Odd ${n}`, description: `${text} x ${text}`, tags: [text], metadata: { license: text } }));
  writeFileSync(at("odd.json"), JSON.stringify({ tools }));
  run("build", at("odd.json"), "--no-dense", "--out", at("odd.msgpack"));
  const client = await overStdio(["--snapshot", at("odd.msgpack")]);
  const { resources } = await client.listResources();
  for (const { uri } of resources) {
    const file = at(`odd/${uri.slice("skill://".length)}`);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, (await client.readResource({ uri })).contents[0].text);
  }
  await client.close();
  run("build", at("odd"), "--no-dense", "--out", at("again.msgpack"));
  const again = await overStdio(["--snapshot", at("again.msgpack")]);
  const said = (resources) => resources.map(({ uri, description }) => [uri, description]);
  assert.deepEqual(said((await again.listResources()).resources), said(resources));
  assert.equal(resources.length, odd.length);
  await again.close();
});

test("documents are found by who may read them, and added where the server may write", async () => {
  const client = await overStdio(["--snapshot", snapshot, "--docs", at("docs.msgpack"), "--docs-folder", at("docs")]);
  const paths = async (args) => (await call(client, "search_documents", args)).pages.map(({ path }) => path);
  assert.deepEqual(await paths({ query: "snapshot" }), ["guide.md"]);
  assert.deepEqual((await paths({ query: "snapshot", skills: ["planner"] })).sort(), ["guide.md", "secret/plan.md"]);
  const added = await call(client, "ingest_document", { path: "notes/moon.md", text: "# Moon\n\nThe moon is far away.\n" });
  assert.deepEqual([added.documents, existsSync(at("docs/notes/moon.md"))], [3, true]);
  assert.equal((await paths({ query: "how far is the moon" }))[0], "notes/moon.md");
  assert.match(run("search", "--snapshot", at("docs.msgpack"), "--query", "moon"), /Moon/);
  assert.match((await refused(client, "ingest_document", { path: "notes/moon.md", text: "# Sun\n\nNear." })).message, /there is a document of this path/);
  await call(client, "ingest_document", { path: "notes/moon.md", text: "# Sun\n\nThe sun is near.\n", replace: true });
  mkdirSync(at("outside"), { recursive: true });
  symlinkSync(at("outside"), at("docs/link"));
  for (const path of ["../out.md", "/tmp/out.md", "a/../../out.md", "link/out.md", "C:\\out.md"]) {
    assert.equal((await refused(client, "ingest_document", { path, text: "x" })).code, "path-escape", path);
  }
  for (const path of ["out.js", ".hidden/out.md", "out.pdf", "out"]) assert.equal((await refused(client, "ingest_document", { path, text: "x" })).code, "invalid-argument", path);
  assert.ok(!existsSync(at("outside/out.md")) && !existsSync(at("out.md")));
  rmSync(at("docs/link"));
  await client.close();
});

test("lists follow the files, and sync says how far it is", async () => {
  const kept = skills("followed");
  const client = await overStdio(["--snapshot", kept.file, "--watch", kept.path]);
  const changed = { tools: 0, resources: 0 };
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void changed.tools++);
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void changed.resources++);
  const until = async (what) => {
    for (let n = 0; n < 200 && !(await what()); n++) await pause(50);
    assert.ok(await what(), String(what));
  };
  kept.add("moon", "Flies to the moon");
  await until(() => changed.resources === 1 && changed.tools === 1);
  const uris = async () => (await client.listResources()).resources.map(({ uri }) => uri);
  assert.deepEqual(await uris(), ["skill://map/SKILL.md", "skill://moon/SKILL.md", "skill://pdf/SKILL.md"]);
  assert.equal((await call(client, "retrieve", { query: "fly to the moon" })).hits[0].id, "moon");
  kept.add("moon", "Flies to the moon and back");
  await until(() => changed.resources === 2);
  assert.equal(changed.tools, 1);
  kept.remove("moon");
  await until(async () => (await uris()).length === 2);
  let [progress, report, total] = [[], { embedded: 0 }, 2];
  // Where the server notices them first, there is nothing left to embed.
  for (let tries = 0; report.embedded === 0 && tries < 20; tries++) {
    progress = [];
    for (let n = 0; n < 8; n++) kept.add(`new-${total++}`, `Does new thing ${total}`);
    report = await call(client, "sync", {}, { onprogress: (told) => progress.push(told) });
    assert.equal(report.total, total);
  }
  assert.ok(report.embedded > 0 && progress.length > 0);
  assert.ok(progress.every(({ progress, total }) => progress <= total), JSON.stringify(progress));
  for (let n = 1; n < progress.length; n++) assert.ok(progress[n].progress > progress[n - 1].progress);
  assert.equal((await call(client, "index_stats")).cards, total);
  await client.close();
});

test("outcomes are remembered and count", async () => {
  const client = await overStdio(all);
  await call(client, "record_outcome", { query: "draw a map", skill: "map", success: true });
  assert.ok(existsSync(at("learnt.msgpack")));
  assert.equal((await call(client, "suggest", { task: "draw a map of places" })).best.id, "map");
  assert.match((await refused(client, "record_outcome", { query: "x", skill: "none", success: true })).message, /no card has this id/);
  await client.close();
});

test("metrics tell how skills do", { skip: !hasMetrics && "built without metrics" }, async () => {
  const uses = Array.from({ length: 30 }, (_, n) => ({
    skill_name: "map",
    invoked_at: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
    session_id: `s${n}`,
    completed: n % 3 > 0,
    duration_seconds: 1,
    follow_up_actions: [],
  }));
  mkdirSync(at("project/.session-buddy"), { recursive: true });
  writeFileSync(at("project/.session-buddy/skill_metrics.json"), JSON.stringify({ invocations: uses }));
  const db = ["--db", at("metrics.duckdb")];
  run("metrics", "register", at("project"), "Project", "web", ...db);
  run("metrics", "collect", "--all", ...db);
  const client = await overStdio(all);
  const { skills } = await call(client, "top_skills", { window: "all", by: "success", limit: 3 });
  assert.deepEqual([skills[0].skill, skills[0].uses], ["map", 30]);
  assert.equal((await call(client, "skill_effectiveness", { skill: "map" })).effectiveness.uses, 30);
  assert.equal((await call(client, "skill_effectiveness", { skill: "none" })).effectiveness, null);
  assert.equal((await call(client, "compare_projects", { skill: "map" })).projects[0].name, "Project");
  assert.equal((await call(client, "health_check")).metrics.uses, 30);
  await client.close();
});

test("over HTTP every tool is there too, for several clients at once", async () => {
  const server = await served([...all, "--http", "127.0.0.1:0"]);
  const clients = await Promise.all([1, 2, 3].map(() => overHttp(server.url)));
  const { tools } = await clients[0].listTools();
  assert.equal(tools.length, hasMetrics ? 15 : 12);
  await Promise.all(clients.map(async (client) => assert.equal((await call(client, "retrieve", { query: "maps" })).hits[0].id, "map")));
  assert.match((await clients[1].readResource({ uri: "skill://pdf/SKILL.md" })).contents[0].text, /name: "pdf"/);
  let changed = 0;
  clients.forEach((client) => client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void changed++));
  await pause(300);
  mkdirSync(at("kept/sun"), { recursive: true });
  writeFileSync(at("kept/sun/SKILL.md"), "---\nname: sun\ndescription: Flies to the sun\n---\n");
  for (let n = 0; n < 200 && changed < 3; n++) await pause(50);
  assert.equal(changed, 3);
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
});

/** The status of one request. */
function asked(url, headers = {}, { method = "POST", body, path = url.pathname } = {}) {
  const hello = { jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } } };
  return new Promise((answered, failed) => {
    const sent = request({ host: url.hostname, port: url.port, path, method, headers: { accept: "application/json, text/event-stream", "content-type": "application/json", ...headers } }, (answer) => {
      answer.resume();
      answered(answer);
    });
    sent.on("error", failed);
    sent.end(method === "POST" ? (body ?? JSON.stringify(hello)) : undefined);
  });
}

test("over HTTP only who may ask is heard", async () => {
  const server = await served(["--snapshot", snapshot, "--http", "127.0.0.1:0", "--allow-origin", "https://example.org", "--allow-host", "skills.example.org"]);
  const status = async (...args) => (await asked(server.url, ...args)).statusCode;
  assert.equal(await status(), 200);
  for (const host of ["evil.example", `evil.example:${server.url.port}`, "localhost.evil.example"]) assert.equal(await status({ host }), 403, host);
  for (const host of ["localhost", `127.0.0.1:${server.url.port}`, "skills.example.org"]) assert.equal(await status({ host }), 200, host);
  for (const origin of ["https://evil.example", "http://localhost.evil.example", "null", "https://example.org:444", "http://example.org"]) assert.equal(await status({ origin }), 403, origin);
  for (const origin of ["http://localhost:5173", "http://127.0.0.1", "https://example.org"]) assert.equal(await status({ origin }), 200, origin);
  assert.equal(await status({ origin: "https://evil.example" }, { method: "OPTIONS" }), 403);
  const may = await asked(server.url, { origin: "https://example.org" }, { method: "OPTIONS" });
  assert.deepEqual([may.statusCode, may.headers["access-control-allow-origin"]], [204, "https://example.org"]);
  assert.equal(await status({}, { path: "/" }), 404);
  for (const body of ["", "{", "[]", "null", "[".repeat(100_000)]) assert.ok((await status({}, { body })) >= 400, body.slice(0, 9));
  assert.equal(await status({}, { body: "x".repeat((16 << 20) + 1) }), 413);
  assert.equal(await status(), 200);
  await server.stop();
});

test("a token is asked for, and beyond this machine there must be one", async () => {
  const server = await served(["--snapshot", snapshot, "--http", "127.0.0.1:0"], { env: { SKILLMESH_MCP_TOKEN: "s3cret" } });
  const status = async (authorization) => (await asked(server.url, authorization && { authorization })).statusCode;
  for (const wrong of [undefined, "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret"]) assert.equal(await status(wrong), 401, wrong);
  assert.equal((await asked(server.url)).headers["www-authenticate"], "Bearer");
  assert.equal(await status("bearer s3cret"), 200);
  const client = await overHttp(server.url, { authorization: "Bearer s3cret" });
  assert.equal((await call(client, "health_check")).skills, 62);
  await client.close();
  await server.stop();
  const open = spawnSync(cli, ["mcp", "--snapshot", snapshot, "--http", "0.0.0.0:0"], { encoding: "utf8" });
  assert.equal(open.status, 2);
  assert.match(open.stderr, /other machines could ask without a token.*SKILLMESH_MCP_TOKEN/);
  const odd = spawnSync(cli, ["mcp", "--snapshot", snapshot, "--http", "127.0.0.1:0", "--allow-origin", "example.org/x"], { encoding: "utf8" });
  assert.match(odd.stderr, /--allow-origin: unusable origin/);
});

const methods = ["tools/call", "tools/list", "resources/list", "resources/read", "resources/templates/list", "skills/list", "skills/get", "resources/directory/read", "initialize", "ping", "completion/complete", "logging/setLevel", "prompts/list", "prompts/get", "server/discover", "subscriptions/listen", "tasks/get", "nothing/like-that", "", "notifications/initialized", "notifications/cancelled", "notifications/progress"];

test("whatever is sent, the server goes on and says nothing but the protocol", async () => {
  const { path } = skills("fuzzed");
  const server = raw(["--registry", path]);
  const random = seeded(7);
  const pick = (all) => all[Math.floor(random() * all.length)];
  const deep = (open, close, n) => open.repeat(n) + close.repeat(n);
  const texts = ["", "{", "[]", "null", "\u0000", "{}", "[1,2]", '"x"', "\ufeff{}", "NaN", deep("[", "]", 100_000), deep('{"a":', "}", 10), deep('{"a":', "}", 10_000), "x".repeat(1 << 20), '{"jsonrpc":"1.0","id":1,"method":"ping"}', '{"jsonrpc":"2.0","id":null,"method":"ping"}', '{"jsonrpc":"2.0","id":{},"method":"ping"}', '{"jsonrpc":"2.0","id":1e400,"method":"ping"}', '{"jsonrpc":"2.0","id":99999999999999999999999,"method":"ping"}', '{"jsonrpc":"2.0","id":5,"result":{}}', '{"jsonrpc":"2.0","id":5,"error":{"code":1,"message":"x"}}', '{"jsonrpc":"2.0","method":"notifications/unknown"}'];
  const probe = JSON.stringify({ jsonrpc: "2.0", id: "probe", method: "server/discover", params: { _meta: meta() } });
  texts.push(probe, '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"probe"}}');
  texts.forEach(server.send);
  const names = ["retrieve", "emit", "discover", "suggest", "auto_route", "roles", "health_check", "ingest_document", "none"];
  let versions = ["2099-01-01", ""];
  const odd = () => {
    const method = pick(methods);
    const plain = method === "tools/call" && random() < 0.8 ? { name: pick(names), arguments: oddity(random) } : oddity(random);
    const params = random() < 0.2 ? { ...plain, _meta: meta(pick(versions)) } : plain;
    const id = random() < 0.9 ? Math.floor(random() * 1e6) : oddity(random);
    const message = { jsonrpc: "2.0", ...(method.startsWith("notifications/") ? {} : { id }), method, ...(random() < 0.9 && { params }) };
    const text = JSON.stringify(message);
    return random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text;
  };
  for (let n = 0; n < 100; n++) server.send(odd());
  await server.begin();
  versions = ["2026-07-28", "2025-06-18", ...versions];
  texts.forEach(server.send);
  for (let n = 0; n < 1500; n++) server.send(odd());
  const { result } = await server.ask("tools/call", { name: "retrieve", arguments: { query: "maps" } });
  assert.equal(result.structuredContent.hits[0].id, "map");
  assert.equal((await server.ask("tools/call", { name: "retrieve" })).result.isError, true);
  assert.equal((await server.ask("nothing/like-that")).error.code, -32601);
  assert.ok(server.heard.every(({ jsonrpc }) => jsonrpc === "2.0"));
  const gone = once(server.program, "exit");
  server.program.stdin.end();
  assert.deepEqual(await gone, [0, null]);
});

test("what was cancelled is dropped, and what follows is answered", async () => {
  const kept = skills("cancelled");
  run("sync", kept.path, "--snapshot", kept.file);
  const server = raw(["--snapshot", kept.file, "--watch", kept.path]);
  await server.begin();
  for (let n = 0; n < 60; n++) kept.add(`long-${n}`, `Does long thing ${n}`);
  const cancelled = assert.rejects(server.ask("tools/call", { name: "sync", arguments: {}, _meta: { progressToken: "far" } }, 77), /ended with 0 before/);
  while (!server.heard.some(({ method }) => method === "notifications/progress")) await pause(5);
  server.send(JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 77, reason: "enough" } }));
  assert.equal((await server.ask("tools/call", { name: "retrieve", arguments: { query: "maps" } })).result.structuredContent.hits[0].id, "map");
  const gone = once(server.program, "exit");
  server.program.kill();
  assert.deepEqual(await gone, [0, null]);
  await cancelled;
});
