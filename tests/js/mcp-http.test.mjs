// Who is heard over HTTP, for how long, and what can nobody do to others?
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ResourceListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { asked, call, cli, hasFlock, hello, locked, oddity, overHttp, scratch, seeded, served, skillsIn, spoken, until } from "./mcp-server.mjs";

const folder = scratch("mcp-http");
const skills = (name) => skillsIn(join(folder, name));
const start = (name, ...args) => served(["--registry", skills(name).path, "--http", "127.0.0.1:0", ...args]);

/** Begins a session; its id. */
const begun = async (url) => (await asked(url)).headers["mcp-session-id"];

/** What a session's `tools/list` is answered with. */
const lists = (url, session) => asked(url, { "mcp-session-id": session }, { body: JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" }) });

test("a session lives while somebody listens or works, and else ends after a time", async () => {
  const kept = skills("kept");
  spawnSync(cli, ["sync", kept.path, "--snapshot", kept.file, "--no-dense"]);
  const server = await served(["--snapshot", kept.file, "--watch", kept.path, "--http", "127.0.0.1:0", "--patience", "2"]);
  const client = await overHttp(server.url);
  let changed = 0;
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void changed++);
  const quiet = await begun(server.url);
  assert.equal((await lists(server.url, quiet)).status, 200);
  await pause(6000);
  const ended = await lists(server.url, quiet);
  assert.deepEqual([ended.status, ended.text], [404, "Not Found: Session not found"]);
  kept.add("moon", "Flies to the moon");
  await until(() => changed > 0);
  assert.ok((await client.listTools()).tools.length > 5);
  await client.close();
  await server.stop();
});

test("work that nobody listens to any more keeps its session", { skip: !hasFlock && "without flock" }, async () => {
  const kept = skills("working");
  spawnSync(cli, ["sync", kept.path, "--snapshot", kept.file, "--no-dense"]);
  const server = await served(["--snapshot", kept.file, "--watch", kept.path, "--http", "127.0.0.1:0", "--patience", "1"]);
  const release = await locked(kept.file);
  const session = await begun(server.url);
  const body = JSON.stringify({ jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: "sync", arguments: {} } });
  const off = AbortSignal.timeout(500);
  await assert.rejects(fetch(server.url, { method: "POST", headers: { ...spoken, "mcp-session-id": session }, body, signal: off }).then((answer) => answer.text()), { name: "TimeoutError" });
  await pause(4000);
  assert.equal((await lists(server.url, session)).status, 200);
  await release();
  await pause(4000);
  assert.equal((await lists(server.url, session)).status, 404);
  await server.stop();
});

test("there are only so many sessions, and who begins many ends no other's that is used", async () => {
  const server = await start("many");
  const client = await overHttp(server.url);
  const used = await begun(server.url);
  assert.equal((await lists(server.url, used)).status, 200);
  const first = await begun(server.url);
  const last = [];
  for (let n = 0; n < 700; n += 50) last.push(...(await Promise.all(Array.from({ length: 50 }, () => begun(server.url)))));
  assert.ok(last.every(Boolean));
  assert.equal((await lists(server.url, first)).status, 404);
  assert.equal((await lists(server.url, used)).status, 200);
  assert.equal((await lists(server.url, last.at(-1))).status, 200);
  const alive = await Promise.all(last.map(async (session) => (await lists(server.url, session)).status === 200));
  assert.ok(alive.filter(Boolean).length <= 600, `${alive.filter(Boolean).length} sessions`);
  assert.equal((await call(client, "retrieve", { query: "maps" })).hits[0].id, "map");
  assert.equal((await asked(server.url, { "mcp-session-id": used }, { method: "DELETE" })).status, 202);
  assert.equal((await lists(server.url, used)).status, 404);
  await client.close();
  await server.stop();
});

test("who sends no whole body keeps nobody else out", async () => {
  const server = await start("slow", "--patience", "1");
  const head = Object.entries({ host: server.url.host, ...spoken, "content-length": 1000 }).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const stuck = await Promise.all(Array.from({ length: 256 }, async () => {
    const socket = connect(Number(server.url.port), server.url.hostname);
    await once(socket, "connect");
    socket.write(`POST /mcp HTTP/1.1\r\n${head}\r\n{`);
    return socket;
  }));
  const said = [];
  stuck[0].setEncoding("utf8").on("data", (part) => said.push(part));
  assert.equal((await asked(server.url)).status, 200);
  assert.match(said.join(""), /^HTTP\/1\.1 408 .*the whole body has to be here within 1 seconds/s);
  stuck.forEach((socket) => socket.destroy());
  await server.stop();
});

test("who is not let in is told why, in words that a page may read where its origin may ask", async () => {
  const server = await start("names", "--allow-origin", "https://example.org");
  const says = async (headers, options) => {
    const { status, text, headers: answered } = await asked(server.url, headers, options);
    return [status, text, answered["access-control-allow-origin"], answered["content-type"]];
  };
  const plain = "text/plain; charset=utf-8";
  assert.deepEqual(await says({ host: "evil.example:8808" }), [403, "this server does not answer to the name `evil.example:8808`; if it is its own, start it with --allow-host evil.example:8808", undefined, plain]);
  assert.deepEqual(await says({ origin: "https://evil.example" }), [403, "pages of `https://evil.example` may not ask this server; to let them, start it with --allow-origin https://evil.example", undefined, plain]);
  assert.deepEqual(await says({ host: "a b" }), [400, "say once whom you ask: Host: NAME", undefined, plain]);
  assert.deepEqual((await says({ origin: "https://example.org" }, { path: "/" })).slice(0, 3), [404, "nothing is here; ask /mcp", "https://example.org"]);
  await server.stop();
  const guarded = await served(["--registry", skills("guarded").path, "--http", "127.0.0.1:0", "--allow-origin", "https://example.org"], { env: { SKILLMESH_MCP_TOKEN: "s3cret" } });
  const wrong = await asked(guarded.url, { origin: "https://example.org", authorization: "Bearer wrong" });
  assert.deepEqual([wrong.status, wrong.headers["access-control-allow-origin"]], [401, "https://example.org"]);
  assert.equal((await asked(guarded.url, { origin: "https://evil.example", authorization: "Bearer s3cret" })).status, 403);
  await guarded.stop();
});

test("at all addresses of the machine it answers to each of them, and to no name that was not named", async () => {
  const server = await served(["--registry", skills("all").path, "--http", "0.0.0.0:0", "--allow-host", "skills.example.org"], { env: { SKILLMESH_MCP_TOKEN: "s3cret" } });
  const url = new URL(`http://127.0.0.1:${server.url.port}/mcp`);
  const status = async (host) => (await asked(url, { host, authorization: "Bearer s3cret" })).status;
  for (const host of ["192.168.1.5:8808", "[fe80::1]:8808", "localhost", "skills.example.org"]) assert.equal(await status(host), 200, host);
  for (const host of ["evil.example", "192.168.1.5.evil.example"]) assert.equal(await status(host), 403, host);
  await server.stop();
});

test("names and tokens that cannot be meant are refused at the start", () => {
  const starts = (args, env = {}) => spawnSync(cli, ["mcp", "--registry", skills("refused").path, "--http", "127.0.0.1:0", ...args], { encoding: "utf8", timeout: 20_000, env: { ...process.env, ...env } });
  const refused = (args, said, env) => {
    const { status, stderr } = starts(args, env);
    assert.deepEqual([status, said.test(stderr)], [2, true], stderr);
  };
  refused(["--allow-host", "https://skills.example.org"], /--allow-host: unusable name: expected a name or an address, and perhaps a port/);
  refused(["--allow-origin", "https://example.org:99999"], /--allow-origin: unusable origin/);
  refused(["--token", ""], /--token: unusable token/, { SKILLMESH_MCP_TOKEN: "s3cret" });
  refused([], /SKILLMESH_MCP_TOKEN: unusable token/, { SKILLMESH_MCP_TOKEN: "" });
});

test("a token that is no text is refused, not passed over", { skip: process.platform === "win32" && "no such bytes" }, async () => {
  const shell = 'SKILLMESH_MCP_TOKEN=$(printf "s3\\377cret") exec "$0" mcp --registry "$1" --http 127.0.0.1:0';
  const program = spawn("sh", ["-c", shell, cli, skills("bytes").path], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  program.stderr.on("data", (part) => {
    said += part;
    if (/serving/.test(said)) program.kill();
  });
  assert.deepEqual(await once(program, "close"), [2, null], said);
  assert.match(said, /SKILLMESH_MCP_TOKEN: unusable token/);
});

test("whatever is sent over HTTP, the server goes on", async () => {
  const server = await start("fuzzed");
  const random = seeded(11);
  const pick = (all) => all[Math.floor(random() * all.length)];
  const session = await begun(server.url);
  const methods = ["tools/call", "tools/list", "resources/list", "resources/read", "skills/list", "skills/get", "resources/directory/read", "initialize", "ping", "server/discover", "subscriptions/listen", "nothing/like-that", "notifications/initialized", "notifications/cancelled"];
  const names = ["retrieve", "emit", "discover", "suggest", "auto_route", "roles", "health_check", "none"];
  const deep = (n) => "[".repeat(n) + "]".repeat(n);
  const bodies = ["", "{", "null", "[]", "\u0000", "\ufeff{}", "x".repeat(1 << 20), deep(100_000), '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":1,"result":{}}', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'];
  const versions = ["2024-11-05", "2025-06-18", "2026-07-28", "2099-01-01", "", "x"];
  const odd = () => {
    const method = pick(methods);
    const params = method === "tools/call" && random() < 0.8 ? { name: pick(names), arguments: oddity(random) } : oddity(random);
    const message = JSON.stringify({ jsonrpc: "2.0", ...(method.startsWith("notifications/") ? {} : { id: Math.floor(random() * 1e6) }), method, ...(random() < 0.9 && { params }) });
    return random() < 0.1 ? message.slice(0, Math.floor(random() * message.length)) : message;
  };
  const headers = () => ({
    ...(random() < 0.7 && { "mcp-session-id": random() < 0.9 ? session : pick(["", "none", "x".repeat(500)]) }),
    ...(random() < 0.3 && { "mcp-protocol-version": pick(versions) }),
    ...(random() < 0.1 && { "mcp-method": pick(methods) }),
    ...(random() < 0.1 && { "last-event-id": pick(["0", "-1", "1/2", "99999999999999999999/1", "x"]) }),
    ...(random() < 0.1 && { accept: pick(["", "*/*", "application/json", 'text/event-stream;q="']) }),
    ...(random() < 0.1 && { "content-type": pick(["", "text/plain", "application/json; charset=utf-8"]) }),
  });
  const one = async () => {
    const answer = await Promise.race([asked(server.url, headers(), { method: random() < 0.95 ? "POST" : pick(["PUT", "OPTIONS", "DELETE", "PATCH"]), body: random() < 0.1 ? pick(bodies) : odd() }), pause(3000)]);
    // A stream that stays open is an answer too.
    assert.ok(!answer || (answer.status >= 200 && answer.status < 500) || /Encounter an error/.test(answer.text), JSON.stringify(answer));
  };
  for (let n = 0; n < 60; n++) await Promise.all(Array.from({ length: 10 }, one));
  const client = await overHttp(server.url);
  assert.equal((await call(client, "retrieve", { query: "maps" })).hits[0].id, "map");
  assert.equal((await asked(server.url, {}, { body: JSON.stringify(hello("x")) })).status, 200);
  await client.close();
  await server.stop();
});
