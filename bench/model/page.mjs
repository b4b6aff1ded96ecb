// An embedder in a page of its own in headless Chromium.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const bench = fileURLToPath(new URL("..", import.meta.url));
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const imports = { skillmesh: "/node_modules/skillmesh/browser.js", "onnxruntime-web": "/node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs" };
const page = `<!doctype html><title>Models</title><script type=importmap>${JSON.stringify({ imports })}</script>
<script type=module>import * as steps from "/model/steps.mjs"; globalThis.steps = steps;</script>`;

/** What starts pages; the files that a page is given are fetched before a clock starts. */
export async function browser() {
  const files = new Map();
  const server = createServer(async ({ url }, response) => {
    const body = url === "/" ? page : await readFile(files.get(url) ?? join(bench, url)).catch(() => null);
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(url)] ?? "text/html" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const running = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  const start = async () => {
    const tab = await (await running.newContext()).newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await tab.waitForFunction(() => globalThis.steps);
    const step = (name, { file, ...given }) => tab.evaluate(async ([name, given, address]) => {
      const bytes = address && new Uint8Array(await (await fetch(address)).arrayBuffer());
      return globalThis.steps[name]({ ...given, bytes });
    }, [name, given, file && address(file)]);
    return { step, close: () => tab.context().close() };
  };
  const address = (file) => (files.set(`/file${file}`, file), `/file${file}`);
  return { start, version: running.version(), end: async () => (await running.close(), server.close()) };
}
