// A server of `skillmesh mcp` and the official client of the protocol, over either transport.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

export const cli = process.env.SKILLMESH_CLI;

const environment = (more) => ({ ...process.env, ...more });

/** A client of a server that it started itself. */
export async function overStdio(args, { env, capabilities = {} } = {}) {
  const transport = new StdioClientTransport({ command: cli, args: ["mcp", ...args], env: environment(env), stderr: "pipe" });
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  await client.connect(transport);
  return client;
}

/** A server at a free port: its address, and what ends it. */
export async function served(args, { env } = {}) {
  const program = spawn(cli, ["mcp", ...args], { env: environment(env), stdio: ["ignore", "ignore", "pipe"] });
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
  const program = spawn(cli, ["mcp", ...args], { stdio: ["pipe", "pipe", "pipe"] });
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
