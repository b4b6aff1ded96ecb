// Does the packed package answer in a real browser, under a strict content security policy?
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { chromium } from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html", msgpack: "application/octet-stream" };
const page = "<!doctype html><title>SkillMesh</title><script type=module src=/page.js></script>";
const script = `import * as skillmesh from "/skillmesh/browser.js"; Object.assign(globalThis, skillmesh);`;
const files = new Map([["/", page], ["/without-wasm", page], ["/page.js", script]]);

async function content(path) {
  if (files.has(path)) return files.get(path);
  if (path === "/registry.msgpack") return readFile(process.env.SKILLMESH_SNAPSHOT);
  if (path === "/model.msgpack") return readFile(process.env.SKILLMESH_MODEL);
  return readFile(new URL(`./node_modules${path}`, import.meta.url));
}

async function serve(request, response) {
  const type = files.get(request.url) === page ? types.html : types[request.url.split(".").pop()];
  const scripts = request.url === "/without-wasm" ? "'self'" : "'self' 'wasm-unsafe-eval'";
  const headers = { "content-type": type ?? "text/plain", "content-security-policy": `default-src 'self'; script-src ${scripts}` };
  await content(request.url).then((body) => response.writeHead(200, headers).end(body), () => response.writeHead(404).end());
}

/** What `step` gives in a tab of headless Chromium where the package's exports are global. */
async function inTab(step, path = "") {
  const server = createServer(serve).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/${path}`);
    await tab.waitForFunction(() => globalThis.SkillMesh);
    return await tab.evaluate(step);
  } finally {
    await browser.close();
    server.close();
  }
}

test("retrieve and emit in headless Chromium", async () => {
  const seen = await inTab(async () => {
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
});

test("cards change, and what was learnt is kept by several tabs at once", async () => {
  const seen = await inTab(async () => {
    const load = () => SkillMesh.load("/registry.msgpack", { model: null });
    const [one, other, third] = await Promise.all([load(), load(), load()]);
    await one.upsert([{ id: "new.skill", title: "Zeppelin maintenance" }]);
    const found = (await one.retrieve("zeppelin")).hits.map((hit) => hit.id);
    await other.recordOutcome({ query: "blur faces", skill: "web.flask", success: false, now: 1 });
    await one.recordOutcome({ query: "zeppelin", skill: "new.skill", success: true, now: 2 });
    const same = [];
    for (const store of [indexedDbStore(), cacheStore()]) {
      await Promise.all([one.syncState(store), store.update((kept) => kept ?? one.exportState())]);
      await Promise.all([other.syncState(store), one.syncState(store)]);
      await one.syncState(store);
      await third.importState(await new Promise((kept) => store.update((bytes) => (kept(bytes), bytes))));
      same.push(third.exportState().join() === one.exportState().join());
    }
    const refused = await indexedDbStore().update(() => { throw new Error("no"); }).catch((error) => error.message);
    return { found, same, refused };
  });
  assert.deepEqual(seen, { found: ["new.skill"], same: [true, true], refused: "no" });
});

test("where the page's policy forbids wasm, the error names the policy", async () => {
  const { code, message } = await inTab(() => SkillMesh.load("/registry.msgpack").catch(({ code, message }) => ({ code, message })), "without-wasm");
  assert.equal(code, "io");
  assert.match(message, /^expected a wasm file at http.*; the page's policy must allow script-src 'wasm-unsafe-eval'$/);
});

test("a full storage is an error of ours", async () => {
  const code = await inTab(async () => {
    const mesh = await SkillMesh.load("/registry.msgpack");
    IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
    const found = await mesh.syncState(indexedDbStore()).catch(({ code }) => code);
    mesh.free();
    return found;
  });
  assert.equal(code, "io");
});
