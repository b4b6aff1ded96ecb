// A server of `skillmesh mcp` and the official client of the protocol, over either transport.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Ajv from "ajv/dist/2020.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";

export const cli = process.env.SKILLMESH_CLI;

/** A folder that goes with the process. */
export function scratch(name) {
  const folder = mkdtempSync(join(tmpdir(), `skillmesh-${name}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Nothing of the machine's own: neither its metrics nor its token. */
const data = scratch("mcp-data");
const environment = (more) => ({ ...process.env, SKILLMESH_METRICS: join(data, "none.duckdb"), SKILLMESH_DATA_DIR: data, SKILLMESH_MCP_TOKEN: undefined, ...more });

/** Whatever a test that failed left running. */
const running = new Set();
after(() => running.forEach((program) => program.kill()));

function started(args, options) {
  const program = spawn(cli, ["mcp", ...args], options);
  running.add(program);
  program.once("exit", () => running.delete(program));
  return program;
}

/** A client of a server that it started itself. */
export async function overStdio(args, { program = cli, env, capabilities = {} } = {}) {
  const transport = new StdioClientTransport({ command: program, args: ["mcp", ...args], env: environment(env), stderr: "pipe" });
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  await client.connect(transport);
  const left = { kill: () => client.close() };
  running.add(left);
  client.onclose = () => running.delete(left);
  return client;
}

/** A server at a free port: its address, and what ends it. */
export async function served(args, { env } = {}) {
  const program = started(args, { env: environment(env), stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  for await (const line of createInterface({ input: program.stderr })) {
    const address = line.match(/http:\/\/\S+/)?.[0];
    if (address) return { url: new URL(address), stop: () => stopped(program) };
    said += `${line}\n`;
  }
  throw new Error(`the server did not start: ${said}`);
}

async function stopped(program) {
  const gone = once(program, "exit");
  program.kill();
  await gone;
}

/** A client of a server that runs already. */
export async function overHttp(url, headers = {}) {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  return client;
}

/** A server that is spoken to line by line, as no client does. */
export function raw(args) {
  const program = started(args, { env: environment(), stdio: ["pipe", "pipe", "pipe"] });
  const waiting = new Map();
  const heard = [];
  createInterface({ input: program.stdout }).on("line", (line) => {
    const message = JSON.parse(line);
    heard.push(message);
    waiting.get(message.id)?.(message);
  });
  const send = (text) => program.stdin.write(`${text}\n`);
  let last = 0;
  const ask = (method, params, id = `ask-${++last}`) =>
    new Promise((answered, failed) => {
      waiting.set(id, answered);
      program.once("exit", (code) => failed(new Error(`the server ended with ${code} before it answered ${method}`)));
      send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
  const begin = async () => {
    const clientInfo = { name: "raw", version: "1" };
    await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    send(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }));
  };
  program.setMaxListeners(0);
  return { program, send, ask, begin, heard };
}

/** A folder of skills that may change. */
export function skillsIn(path) {
  const add = (id, description, body = "Do it.") => {
    mkdirSync(join(path, id), { recursive: true });
    writeFileSync(join(path, id, "SKILL.md"), `---\nname: ${id}\ndescription: ${description}\n---\n${body}\n`);
  };
  add("pdf", "Fills in forms of PDF files");
  add("map", "Draws maps of places");
  return { path, add, file: `${path}.msgpack`, remove: (id) => rmSync(join(path, id), { recursive: true }) };
}

/** Calls a tool, and holds what it answers to what it says of itself. */
export async function call(client, name, args = {}, options) {
  const { tools } = await client.listTools();
  const tool = tools.find((tool) => tool.name === name);
  assert.ok(tool, `${name} is not among ${tools.map(({ name }) => name)}`);
  const result = await client.callTool({ name, arguments: args }, CallToolResultSchema, options);
  assert.ok(!result.isError, result.content[0].text);
  const validate = new Ajv({ strict: false }).compile(tool.outputSchema);
  assert.ok(validate(result.structuredContent), `${name}: ${JSON.stringify(validate.errors)}`);
  assert.equal(result.content[0].type, "text");
  return { ...result.structuredContent, text: result.content[0].text };
}

export async function refused(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert.equal(result.isError, true, JSON.stringify(result));
  const { code, message } = result._meta["skillmesh/error"];
  assert.equal(result.content[0].text, `${code}: ${message}`);
  return { code, message };
}

/** The status, headers and text of one request, sent as no client does. */
export function asked(url, headers = {}, { method = "POST", body = JSON.stringify(hello()), path = url.pathname } = {}) {
  return new Promise((answered, failed) => {
    const sent = request({ host: url.hostname, port: url.port, path, method, headers: { ...spoken, ...headers } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => answered({ status: answer.statusCode, headers: answer.headers, text })).on("error", failed);
    });
    sent.on("error", failed);
    sent.end(method === "POST" ? body : undefined);
  });
}

export const spoken = { accept: "application/json, text/event-stream", "content-type": "application/json" };

export const hello = (protocolVersion = "2025-06-18") => ({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion, capabilities: {}, clientInfo: { name: "raw", version: "1" } },
});

export const hasFlock = spawnSync("flock", ["--version"]).status === 0;

/** Holds the lock of a file as another program does. */
export async function locked(file) {
  const holder = spawn("flock", [`${file}.lock`, "sh", "-c", "echo held; exec sleep 600"], { stdio: ["ignore", "pipe", "inherit"], detached: true });
  await once(holder.stdout, "data");
  const gone = once(holder, "exit");
  const left = { kill: () => running.delete(left) && process.kill(-holder.pid) };
  running.add(left);
  return () => left.kill() && gone;
}

/** What a request says that stands alone, without a handshake. */
export const meta = (version = "2026-07-28") => ({
  "io.modelcontextprotocol/protocolVersion": version,
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
});

/** Waits until something is so. */
export async function until(what, tries = 400) {
  for (let n = 0; n < tries && !(await what()); n++) await pause(25);
  assert.ok(await what(), String(what));
}

/** Numbers that look random and are the same each time. */
export function seeded(seed) {
  return () => {
    seed = (Math.imul(seed ^ (seed >>> 15), 1 | seed) + 0x6d2b79f5) | 0;
    return ((seed ^ (seed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Something of every kind. */
export function oddity(random, depth = 0) {
  const pick = (...all) => all[Math.floor(random() * all.length)];
  const some = (one) => Array.from({ length: Math.floor(random() * 4) }, one);
  const leaf = () => pick(null, true, -1, 0, 1e308, 2 ** 53, -0.5, "", "x", "\u0000", "\ud800", "skill://pdf/SKILL.md", "after:", "💥".repeat(50), [], {});
  if (depth > 3) return leaf();
  const keys = ["name", "arguments", "query", "task", "uri", "cursor", "top_k", "filter", "_meta", "progressToken", "path", "text", "__proto__"];
  return pick(leaf, leaf, () => some(() => oddity(random, depth + 1)), () => Object.fromEntries(some(() => [pick(...keys), oddity(random, depth + 1)])))();
}
