// How much does workerd, the runtime of Cloudflare Workers, hold? Its inspector tells the isolate's heap, the system the process.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { WebSocket } from "ws";
import { children, cpu, resident } from "./process.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** A Worker of its own in a process of its own. */
export async function open({ snapshot, model }) {
  const files = { "/snapshot": snapshot, "/model": model };
  const before = await children("workerd");
  const miniflare = new Miniflare({
    modules: true, scriptPath: here("worker.mjs"), modulesRoot: here(".."), compatibilityDate: "2025-01-01", inspectorPort: 0, cf: false,
    modulesRules: [{ type: "ESModule", include: ["**/*.js", "**/*.mjs"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
    serviceBindings: { FILES: async (request) => new Response(await readFile(files[new URL(request.url).pathname])) },
  });
  const address = await miniflare.ready;
  const [pid] = (await children("workerd")).filter((one) => !before.includes(one));
  const inspector = await inspected(await miniflare.getInspectorURL(), () => asked(address, { step: "empty" }));
  return {
    step: (step, given) => asked(address, { step, ...given }),
    heap: inspector.heap,
    resident: () => resident(pid),
    cpu: () => cpu(pid),
    version: createRequire(import.meta.url)("workerd/package.json").version,
    close: async () => (inspector.close(), miniflare.dispose()),
  };
}

async function asked(address, body) {
  const response = await fetch(address, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()).value;
}

/** What the isolate's heap and its buffers hold after collecting garbage. */
async function inspected(address, poke) {
  const targets = await (await fetch(new URL("/json", String(address).replace("ws:", "http:")))).json();
  const socket = new WebSocket(targets[0].webSocketDebuggerUrl);
  await new Promise((opened, failed) => socket.once("open", opened).once("error", failed));
  const waiting = new Map();
  socket.on("message", (text) => {
    const { id, result } = JSON.parse(text);
    waiting.get(id)?.(result);
  });
  const send = (method) => new Promise((answered) => {
    const id = waiting.size + 1;
    waiting.set(id, answered);
    socket.send(JSON.stringify({ id, method }));
  });
  const heap = async () => {
    let collected = false;
    send("HeapProfiler.collectGarbage").then(() => (collected = true));
    while (!collected) await poke(); // an isolate collects when it is asked something
    return send("Runtime.getHeapUsage");
  };
  return { heap, close: () => socket.terminate() };
}
