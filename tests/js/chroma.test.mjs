// Does `skillmesh mcp` ask the Chroma server that it is told of, and what does it answer when that server is gone?
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { call, cli, overStdio, refused, scratch } from "./mcp-server.mjs";

const snapshot = process.env.SKILLMESH_SNAPSHOT;
const bindings = process.env.SKILLMESH_CHROMA;
const skip = bindings ? false : "SKILLMESH_CHROMA names no Chroma server";
const query = "deploy a container to kubernetes";
const running = new Set();
after(() => running.forEach((server) => server.kill("SIGKILL")));

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** A server without data: its address, and what ends it. */
async function chroma() {
  const port = await freePort();
  const run = "import sys, chromadb_rust_bindings as chroma; chroma.cli(['chroma', 'run', '--host', '127.0.0.1', '--port', sys.argv[1], '--path', sys.argv[2]])";
  const options = { env: { ...process.env, PYTHONPATH: bindings }, stdio: "ignore" };
  const program = spawn("python3", ["-c", run, String(port), join(scratch("chroma"), "data")], options);
  running.add(program);
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await fetch(`${url}/api/v2/heartbeat`).catch(() => false)); tries++) {
    assert.ok(tries < 300, "the server does not answer");
    await pause(100);
  }
  const stop = async () => {
    program.kill("SIGKILL");
    await once(program, "exit");
  };
  return { url, stop };
}

test("skills are looked up in Chroma, and in the snapshot when it is gone", { skip }, async () => {
  const { url, stop } = await chroma();
  execFileSync(cli, ["index", "--snapshot", snapshot, "--chroma-url", url]);
  const named = { env: { SKILLMESH_CHROMA_URL: url } };
  const [strict, auto, memory] = await Promise.all([
    overStdio(["--snapshot", snapshot, "--backend", "chroma"], named),
    overStdio(["--snapshot", snapshot], named),
    overStdio(["--snapshot", snapshot, "--backend", "memory"], named),
  ]);
  const remarks = [];
  auto.transport.stderr.on("data", (text) => remarks.push(String(text)));
  const found = async (client) => (await call(client, "retrieve", { query, top_k: 5 })).hits.map(({ id }) => id);
  const expected = await found(memory);
  assert.deepEqual(await found(strict), expected);
  assert.deepEqual(await found(auto), expected);
  for (const [tool, args] of [["emit", { query, provider: "claude" }], ["discover", { query }], ["suggest", { task: query }], ["auto_route", { task: query }]]) {
    assert.match((await call(strict, tool, args)).text, /kubernetes/i, tool);
  }
  await stop();
  const { code, message } = await refused(strict, "retrieve", { query });
  assert.equal(code, "chroma");
  assert.match(message, /cannot be reached/);
  assert.deepEqual(remarks, []);
  assert.deepEqual(await found(auto), expected);
  assert.deepEqual(await found(auto), expected);
  await pause(200);
  assert.equal(remarks.join("").match(/the snapshot's own vectors answer/g).length, 1);
  await Promise.all([strict, auto, memory].map((client) => client.close()));
});
