// A documentation site for tests: this repository's docs as HTML pages, their snapshot, and a server with a strict policy.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet];
const types = { js: "text/javascript", css: "text/css", wasm: "application/wasm", html: "text/html; charset=utf-8" };
const sources = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";
const policy = `${sources}; require-trusted-types-for 'script'`;
const css = `
  body { margin: 0; font: 16px/1.6 system-ui, sans-serif; color: #222; background: #fff; }
  header { display: flex; gap: 1em; align-items: center; justify-content: space-between; }
  header { padding: .75em 1.5em; border-bottom: 1px solid #ddd; }
  main { max-width: 44em; padding: 1em 1.5em 100vh; }
  html[data-dark] { color-scheme: dark; }
  html[data-dark] body { color: #ddd; background: #111; }
  html[data-dark] header { border-color: #333; }`;

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);
const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");

/** Headings, fenced code and paragraphs are enough of Markdown here. */
function html(markdown) {
  const blocks = markdown.split(/^```.*\n([^]*?)^```$/m).map((text, i) => (i % 2 ? `<pre>${escaped(text)}</pre>` : prose(text)));
  return blocks.join("\n");
}

function prose(text) {
  const block = (part) => {
    const [, marks, heading] = /^(#+) (.*)$/.exec(part) ?? [];
    if (heading) return `<h${marks.length} id="${slug(heading)}">${escaped(heading)}</h${marks.length}>`;
    return `<p>${escaped(part).replace(/`/g, "")}</p>`;
  };
  return text.split(/\n\n|(?<=^#.*)\n/m).filter((part) => part.trim()).map((part) => block(part.trim())).join("\n");
}

const shell = (title, body, attributes = "") => `<!doctype html><html lang="en" ${attributes}><head><meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
  <link rel="stylesheet" href="/site.css"><script type="module" src="/skillmesh/widget.js"></script></head>${body}</html>`;

/** A page whose element has the attributes that the address names; `dir` and `dark` are the page's own. */
function tryPage(params) {
  const { dir = "ltr", dark, inner = "", twice, ...given } = Object.fromEntries(params);
  const named = Object.entries({ snapshot: "/docs.msgpack", ...given });
  const attributes = named.map(([name, value]) => `${name}="${escaped(value)}"`).join(" ");
  const element = `<skillmesh-search ${attributes}>${inner}</skillmesh-search>`;
  const body = `<header><strong>Example docs</strong>${element}${twice ? element : ""}</header>
    <main><h1>Welcome</h1><label>Name <input id="field"></label><p>Press / or Ctrl K to search.</p></main>`;
  return shell("Example docs", `<body>${body}</body>`, `dir="${dir}" ${dark ? "data-dark" : ""}`);
}

/** The site in a folder, and its snapshot beside it. */
function built(root, cli) {
  const folder = mkdtempSync(join(tmpdir(), "skillmesh-widget-"));
  const site = join(folder, "site");
  const write = (name, title, text) => writeFileSync(join(site, name), shell(title, `<body><main>${html(text)}</main></body>`));
  mkdirSync(join(site, "guide"), { recursive: true });
  for (const name of readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(join(root, "docs", name), "utf8");
    write(join("guide", name.replace(/md$/, "html")), /^# (.*)$/m.exec(text)[1], text);
  }
  write("markup.html", "Kazoo", "# Kazoo\n\nA <img src=x onerror=alert(1)> kazoo hums.");
  const unsafe = "---\ntitle: Xylophone\nurl: javascript:alert(1)\n---\n# Xylophone\n\nA <b>xylophone</b> is played.\n";
  writeFileSync(join(site, "unsafe.md"), unsafe);
  const snapshot = join(folder, "docs.msgpack");
  const words = join(folder, "words.msgpack");
  execFileSync(cli, ["ingest", site, "--out", snapshot], { stdio: "pipe" });
  execFileSync(cli, ["ingest", site, "--no-dense", "--out", words], { stdio: "pipe" });
  writeFileSync(`${words}.gz`, gzipSync(readFileSync(words)));
  return { folder, site, snapshot };
}

/** Runs the site and a browser. `hold` keeps addresses from being answered until they are let go; `fail` answers them with 503. */
export async function openSite({ root, cli, model }) {
  const { folder, site, snapshot } = built(root, cli);
  const [held, failing, asked] = [new Map(), new Set(), []];
  const content = async ({ pathname, searchParams }) => {
    if (pathname === "/try") return tryPage(searchParams);
    if (pathname === "/site.css") return css;
    if (pathname === "/docs.msgpack") return readFile(snapshot);
    if (pathname === "/words.msgpack.gz") return readFile(join(folder, "words.msgpack.gz"));
    if (pathname === "/model.msgpack") return readFile(model);
    if (pathname.startsWith("/skillmesh/")) return readFile(new URL(`./node_modules${pathname}`, import.meta.url));
    return readFile(join(site, pathname));
  };
  const serve = async (request, response) => {
    const address = new URL(request.url, "http://localhost");
    asked.push(address.pathname);
    await held.get(address.pathname)?.promise;
    const type = address.pathname === "/try" ? types.html : (types[address.pathname.split(".").pop()] ?? "text/plain");
    const headers = { "content-type": type, "content-security-policy": policy, "cache-control": "no-store" };
    if (failing.has(address.pathname)) return response.writeHead(503).end();
    await content(address).then((body) => response.writeHead(200, headers).end(body), () => response.writeHead(404).end());
  };
  const server = createServer(serve).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const hold = (path) => {
    let go;
    held.set(path, { promise: new Promise((let_) => (go = let_)) });
    return () => (held.delete(path), go());
  };
  const close = async () => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true });
  };
  return { browser, origin, snapshot, asked, failing, hold, close };
}
