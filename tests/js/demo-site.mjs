// The built demo site behind a server as plain as a static host's: below a folder, with a strict policy, and nothing but files.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, normalize } from "node:path";
import { chromium } from "playwright-core";

const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet];
const texts = { js: "text/javascript", css: "text/css", html: "text/html; charset=utf-8", json: "application/json" };
const types = { ...texts, wasm: "application/wasm", svg: "image/svg+xml", woff2: "font/woff2" };
const own = ["img", "style", "font", "connect", "worker"].map((kind) => `${kind}-src 'self'`).join("; ");
const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ${own}; base-uri 'none'; require-trusted-types-for 'script'`;

/** The folder below which the site lies: it must not count on being at the top. */
const BELOW = "/some/project/";

/**
 * Serves `folder`. Addresses that match what `hold` is given wait until they are let go; those in `failing` are answered with
 * 503, and those in `instead` with another file.
 */
export async function openDemo(folder) {
  if (!existsSync(join(folder, "index.html"))) throw new Error(`${folder}: no demo site; ./build.sh demo makes it`);
  const [held, instead, failing, asked] = [new Map(), new Map(), new Set(), []];
  const waits = (path) => [...held].find(([pattern]) => pattern.test(path))?.[1].promise;
  const serve = async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    asked.push(pathname);
    await waits(pathname);
    if ([...failing].some((pattern) => pattern.test(pathname))) return response.writeHead(503).end();
    const path = normalize(pathname.startsWith(BELOW) ? pathname.slice(BELOW.length) : "../nowhere");
    const file = path.endsWith("/") || path === "." || path === "" ? join(path, "index.html") : path;
    const headers = { "content-type": types[file.split(".").pop()] ?? "application/octet-stream", "content-security-policy": policy };
    const other = [...instead].find(([pattern]) => pattern.test(pathname))?.[1];
    const whole = (body) => response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
    await readFile(other ?? join(folder, file)).then(whole, () => response.writeHead(404).end());
  };
  const server = createServer(serve).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
  const hold = (pattern) => {
    let go;
    held.set(pattern, { promise: new Promise((resolve) => (go = resolve)) });
    return () => (held.delete(pattern), go());
  };
  const close = async () => {
    await browser.close();
    server.close();
    server.closeAllConnections();
  };
  return { browser, origin: `http://127.0.0.1:${server.address().port}${BELOW}`, asked, failing, instead, hold, close };
}
