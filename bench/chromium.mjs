// A browser without a window, and a server of this folder for its pages.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { chromium } from "playwright-core";

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });

/** Where the benchmarks' folder is served until `close`; `texts` and the files that `files` names stand before it, by their paths there. */
export async function serve(texts, files) {
  const server = createServer(async ({ url }, response) => {
    const body = texts[url] ?? (await readFile(files.get(url) ?? new URL(`.${url}`, import.meta.url)).catch(() => null));
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(url)] ?? "text/html" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
