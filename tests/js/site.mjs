// A server with a strict policy and a browser, for tests of what the package does in pages.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet];
const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const page = "<!doctype html><title>SkillMesh</title><script type=module src=/page.js></script>";
const script = `import * as skillmesh from "/skillmesh/browser.js"; Object.assign(globalThis, skillmesh);`;

async function found(files, path) {
  if (files.has(path)) return files.get(path);
  if (path === "/registry.msgpack") return readFile(process.env.SKILLMESH_SNAPSHOT);
  if (path === "/model.msgpack") return readFile(process.env.SKILLMESH_MODEL);
  return readFile(new URL(`./node_modules${path}`, import.meta.url));
}

/** Starts both. `own` are files that stand in for the page's; `files` are those of the test's own; `statuses` fails addresses; `asked` lists the requests; a query `gzip` compresses. */
export async function openSite(own = []) {
  const [files, statuses, asked] = [new Map([["/", page], ["/page.js", script], ...own]), new Map(), []];
  const serve = async (request, response) => {
    const { pathname, search } = new URL(request.url, "http://host");
    asked.push(pathname);
    const headers = { "content-type": pathname === "/" ? types.html : (types[pathname.split(".").pop()] ?? "application/octet-stream") };
    if (statuses.has(pathname)) return response.writeHead(statuses.get(pathname)).end();
    const body = await found(files, pathname).catch(() => null);
    if (body === null) return response.writeHead(404).end();
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    const part = from && { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` };
    if (part) return response.writeHead(206, part).end(Buffer.from(body).subarray(from));
    if (pathname === "/varying.txt") headers.vary = "*";
    const [sent, encoding] = search === "?gzip" ? [gzipSync(body), { "content-encoding": "gzip" }] : [Buffer.from(body), {}];
    response.writeHead(200, { ...headers, ...encoding, "content-length": sent.length, "content-security-policy": policy }).end(sent);
  };
  const server = createServer(serve).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => browser.close().finally(() => server.close());
  return { browser, origin, files, statuses, asked, close };
}

/** A tab in which the package's exports are global. */
export async function openTab(context, origin) {
  const tab = await context.newPage();
  await tab.goto(origin);
  await tab.waitForFunction(() => globalThis.SkillMesh);
  return tab;
}
