// How does a slow network look the same to every engine? One server gives all bytes through one narrow pipe, to workers as well.
//
// A browser's own throttle holds for the page that asked for it, not for the workers that an engine starts, so the server throttles.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const texts = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };
const types = { ...texts, ".wasm": "application/wasm", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** What static hosts compress; other kinds of files they send as they are. */
const COMPRESSED = [".html", ".js", ".css", ".json", ".wasm", ".svg"];

const TICK = 10;

const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** A pipe of so many bytes a second, shared by all that flows at a time; a tick that comes late on a busy machine lets more through. */
function pipe(rate) {
  const flows = new Set();
  let last = performance.now();
  const timer = setInterval(() => {
    const [now, before] = [performance.now(), last];
    last = now;
    const share = (rate * (now - before)) / 1000 / flows.size;
    for (const flow of flows) flow(share);
  }, TICK);
  const send = (bytes, response) => new Promise((resolve) => {
    let sent = 0;
    const flow = (share) => {
      const end = Math.min(bytes.length, sent + Math.ceil(share));
      response.write(bytes.subarray(sent, end));
      if ((sent = end) >= bytes.length) resolve(flows.delete(flow));
    };
    flows.add(flow);
    response.on("close", () => resolve(flows.delete(flow)));
  });
  return { send, close: () => clearInterval(timer) };
}

const bodies = new Map();

async function body(file) {
  if (!bodies.has(file)) {
    const bytes = await readFile(file);
    bodies.set(file, COMPRESSED.includes(extname(file)) ? gzipSync(bytes, { level: 9 }) : bytes);
  }
  return bodies.get(file);
}

/** Serves `folder`; `sent` counts the bytes of bodies since it was set to 0. */
export async function throttled(folder, { rate, latency }) {
  const through = pipe(rate);
  const counter = { sent: 0 };
  const serve = async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    await wait(latency);
    const bytes = await body(file).catch(() => null);
    if (!bytes) return response.writeHead(404).end();
    const encoding = COMPRESSED.includes(extname(file)) ? { "content-encoding": "gzip" } : {};
    const kind = { "content-type": types[extname(file)] ?? "application/octet-stream", ...encoding };
    response.writeHead(200, { ...kind, "content-length": bytes.length, "cache-control": "max-age=600" });
    counter.sent += bytes.length;
    await through.send(bytes, response);
    response.end();
  };
  const server = createServer(serve).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const close = () => (through.close(), server.close(), server.closeAllConnections());
  return { origin: `http://127.0.0.1:${server.address().port}`, counter, close };
}
