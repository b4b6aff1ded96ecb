// Does the packed package answer in a real browser, under a strict content security policy?
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { chromium } from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html", msgpack: "application/octet-stream" };
const page = "<!doctype html><title>SkillMesh</title><script type=module src=/page.js></script>";
const script = `import { SkillMesh } from "/skillmesh/browser.js"; globalThis.SkillMesh = SkillMesh;`;
const files = new Map([["/", page], ["/page.js", script]]);

async function content(path) {
  if (files.has(path)) return files.get(path);
  if (path === "/registry.msgpack") return readFile(process.env.SKILLMESH_SNAPSHOT);
  if (path === "/model.msgpack") return readFile(process.env.SKILLMESH_MODEL);
  return readFile(new URL(`./node_modules${path}`, import.meta.url));
}

async function serve(request, response) {
  const type = request.url === "/" ? types.html : types[request.url.split(".").pop()];
  const headers = { "content-type": type ?? "text/plain", "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" };
  await content(request.url).then((body) => response.writeHead(200, headers).end(body), () => response.writeHead(404).end());
}

test("retrieve and emit in headless Chromium", async () => {
  const server = createServer(serve).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await tab.waitForFunction(() => globalThis.SkillMesh);
    const seen = await tab.evaluate(async () => {
      const mesh = await SkillMesh.load("/registry.msgpack", { model: "/model.msgpack" });
      const first = await mesh.retrieve("seaborn heatmap");
      await mesh.semanticReady;
      const second = await mesh.retrieve("opencv contour detection");
      const failed = await SkillMesh.load("/registry.msgpack", { model: "/missing.msgpack" });
      const error = await failed.semanticReady.catch((e) => e.code);
      return { first: first.mode, second, block: await mesh.emit("claude", "heatmap"), error };
    });
    assert.equal(seen.first, "sparse");
    assert.equal(seen.second.mode, "hybrid");
    assert.equal(seen.second.hits[0].id, "cv.opencv-image-processing");
    assert.match(seen.block, /^<retrieved_cards>\n<query>heatmap<\/query>/);
    assert.equal(seen.error, "io");
  } finally {
    await browser.close();
    server.close();
  }
});
