// Are downloads told of, checked and kept, so that a page works without a network?
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Embedder, SkillMesh } from "skillmesh";
import { openSite, openTab } from "./site.mjs";

const snapshot = readFileSync(process.env.SKILLMESH_SNAPSHOT);
const model = readFileSync(process.env.SKILLMESH_MODEL);
const sri = (bytes) => `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
const hex = (bytes) => createHash("sha256").update(bytes).digest("hex");
const wrong = sri("something else");

let site, context;
before(async () => (site = await openSite()));
after(() => site.close());

/** What `step` gives in a tab of a browser that has kept nothing yet. */
async function inTab(step, given) {
  context = await site.browser.newContext();
  try {
    return await (await openTab(context, site.origin)).evaluate(step, given);
  } finally {
    await context.close();
  }
}

test("a page hears of each download from its first byte to its last", async () => {
  const events = await inTab(async () => {
    const told = [];
    const onProgress = (event) => void told.push(structuredClone(event)) ?? (event.received = 0);
    const mesh = await SkillMesh.load("/registry.msgpack", { model: "/model.msgpack", onProgress });
    await mesh.semanticReady;
    await mesh.reload(await fetch("/registry.msgpack?gzip"));
    return told;
  });
  const of = (what, url) => events.filter((event) => event.what === what && event.url.endsWith(url));
  const total = model.length;
  const modelEvents = of("model", "/model.msgpack");
  assert.deepEqual(modelEvents[0], { what: "model", url: "/model.msgpack", from: "network", received: 0, total });
  assert.deepEqual(modelEvents.at(-1), { what: "model", url: "/model.msgpack", from: "network", received: total, total });
  assert.ok(modelEvents.length > 2 && modelEvents.every((event, i) => event.total === total && !(event.received < modelEvents[i - 1]?.received)));
  assert.deepEqual(of("snapshot", "/registry.msgpack").map(({ received }) => received).at(-1), snapshot.length);
  const packed = of("snapshot", "?gzip");
  assert.deepEqual([packed[0].total, packed.at(-1).total], [null, snapshot.length], "a compressed body's length is not known before its end");
  assert.equal(events.filter(({ received, total }) => received === total).length, 3);
});

test("wrong bytes are refused, wherever they come from", async () => {
  const expected = { code: "integrity", message: `snapshot: /registry.msgpack: expected ${wrong}, got ${sri(snapshot)}; it was changed or damaged: pass the hash of what is there now, or put back what was` };
  const seen = await inTab(async ({ wrong, right, model }) => {
    const failed = (loading) => loading.then(() => "loaded", ({ code, message }) => ({ code, message }));
    const url = "/registry.msgpack";
    const bad = await failed(SkillMesh.load({ url, integrity: wrong }));
    const kept = await failed(SkillMesh.load({ url, integrity: wrong }, { cache: true }));
    const keys = (await (await caches.open("skillmesh-downloads")).keys()).length;
    const mesh = await SkillMesh.load({ url, integrity: right }, { model: { url: "/model.msgpack", integrity: wrong } });
    const ready = await failed(mesh.semanticReady);
    await mesh.reload({ url, integrity: right }, { model: { url: "/model.msgpack", integrity: model } });
    const response = await failed(mesh.reload({ url: await fetch(url), integrity: wrong }));
    return { bad, kept, keys, ready: ready.code, mode: (await mesh.retrieve("heatmap")).mode, response: response.code };
  }, { wrong, right: sri(snapshot), model: sri(model) });
  assert.deepEqual(seen, { bad: expected, kept: expected, keys: 0, ready: "integrity", mode: "hybrid", response: "integrity" });
});

test("in Node files and bytes are checked too, and odd options are refused by name", async () => {
  const refused = (source, options) => SkillMesh.load(source, options).then(() => assert.fail("was loaded"), (error) => error);
  for (const source of [{ url: process.env.SKILLMESH_SNAPSHOT, integrity: wrong }, { bytes: snapshot, integrity: wrong }]) {
    assert.equal((await refused(source)).code, "integrity");
  }
  (await SkillMesh.load({ bytes: snapshot, integrity: sri(snapshot) })).free();
  assert.match((await refused({ bytes: snapshot, integrity: "sha256-x" })).message, /^snapshot: integrity: expected sha256- and 44 letters of base64, got "sha256-x"/);
  assert.match((await refused({ integrity: wrong })).message, /expected a URL, path, .* got an object/);
  assert.match((await refused(snapshot, { cache: true })).message, /^cache: there is no Cache Storage here/);
  assert.match((await refused(snapshot, { cache: 7 })).message, /^cache: expected true or a name, got number/);
  assert.match((await refused(snapshot, { onProgress: 7 })).message, /^onProgress: expected a function, got number/);
  await assert.rejects(Embedder.load(model, { progress: 7 }), /there is no option `progress`; expected onProgress, cache/);
});

test("a page that was there before works without a network, by keywords and by meaning", async () => {
  context = await site.browser.newContext();
  const load = async () => {
    const told = [];
    const onProgress = (event) => event.received === event.total && told.push([event.what, event.from, event.stored]);
    const mesh = await SkillMesh.load("/registry.msgpack", { model: "/model.msgpack", cache: true, onProgress });
    const { hits } = await mesh.retrieve("seaborn heatmap", { mode: "sparse" });
    const hybrid = await mesh.retrieve("opencv contour detection", { mode: "hybrid" });
    return { told: told.sort(), first: [hits[0].id, hybrid.hits[0].id, hybrid.mode] };
  };
  const tab = await openTab(context, site.origin);
  const first = ["viz.matplotlib-seaborn", "cv.opencv-image-processing", "hybrid"];
  assert.deepEqual(await tab.evaluate(load), { told: [["model", "network", true], ["snapshot", "network", true]], first });
  const offline = await openTab(context, site.origin); // its scripts and wasm are there already
  await offline.evaluate(async () => (await SkillMesh.load("/registry.msgpack", { model: "/model.msgpack" })).semanticReady);
  await context.setOffline(true);
  const kept = { told: [["model", "cache", true], ["snapshot", "cache", true]], first };
  assert.deepEqual(await offline.evaluate(load), kept);
  await context.setOffline(false);
  for (const path of ["/registry.msgpack", "/model.msgpack"]) site.statuses.set(path, 503);
  assert.deepEqual(await tab.evaluate(load), kept, "a server that fails is no network either");
  for (const path of ["/registry.msgpack", "/model.msgpack"]) site.statuses.set(path, 403);
  assert.equal(await tab.evaluate(() => SkillMesh.load("/registry.msgpack", { cache: true }).catch((error) => `${error.code} ${error.status}`)), "io 403");
  site.statuses.clear();
  await context.close();
});

test("a file that was compressed ahead is unpacked: in pages, in workers, from what is kept, and in Node", async () => {
  const packed = gzipSync(snapshot);
  site.files.set("/registry.msgpack.gz", packed);
  const seen = await inTab(async (integrity) => {
    const url = "/registry.msgpack.gz";
    const load = async (source, options) => {
      let last;
      const mesh = await SkillMesh.load(source, { ...options, onProgress: (event) => (last = event) });
      const cards = (await mesh.stats()).cards;
      mesh.free();
      return [cards, last.from, last.total];
    };
    return [await load(url), await load({ url, integrity }, { cache: true }), await load({ url, integrity }, { cache: true, worker: true })];
  }, sri(packed));
  const [{ cards }, size] = [(await SkillMesh.load(packed)).stats(), packed.length];
  assert.deepEqual(seen, [[cards, "network", size], [cards, "network", size], [cards, "cache", size]]);
  const cut = packed.subarray(0, 5000);
  await assert.rejects(SkillMesh.load(cut), { code: "io", message: /^snapshot: a gzip file: can't be unpacked: .+; compress it again$/ });
});

test("what has the wanted hash is taken without asking, and a damaged entry is fetched again", async () => {
  const steps = await inTab(async ({ integrity, hex }) => {
    const load = async () => {
      let how;
      const mesh = await SkillMesh.load({ url: "/registry.msgpack", integrity }, { cache: "mine", onProgress: ({ from }) => (how = from) });
      return [how, mesh.stats().cards > 0];
    };
    const seen = [await load(), await load()];
    await (await caches.open("mine")).put(`https://skillmesh.invalid/sha256/${hex}`, new Response("damaged"));
    return [...seen, await load(), await load()];
  }, { integrity: sri(snapshot), hex: hex(snapshot) });
  assert.deepEqual(steps, [["network", true], ["cache", true], ["network", true], ["cache", true]]);
});

test("new content of an address replaces the old, another address's stays, and no server's excuse displaces it", async () => {
  const other = Buffer.concat([snapshot]);
  other[snapshot.indexOf("skillmesh 0.1.0") + 14] = 57; // as if 0.1.9 had built it
  const keys = await inTab(async () => {
    const load = (url) => SkillMesh.load(url, { cache: true }).then((mesh) => mesh.free(), (error) => error.code);
    const keys = async () => (await (await caches.open("skillmesh-downloads")).keys()).map(({ url }) => url.replace(/.*invalid\//, "")).sort();
    await load("/registry.msgpack");
    await load("/registry.msgpack?same");
    return { before: await keys() };
  });
  const address = (path) => `url/${encodeURIComponent(site.origin + path)}`;
  assert.deepEqual(keys.before, [`sha256/${hex(snapshot)}`, address("/registry.msgpack"), address("/registry.msgpack?same")]);
  context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const load = () => tab.evaluate(async () => {
    const said = await SkillMesh.load("/changing.msgpack", { cache: true }).then((mesh) => mesh.free(), (error) => error.code);
    return [said ?? null, (await (await caches.open("skillmesh-downloads")).keys()).map(({ url }) => url.replace(/.*invalid\//, "")).sort()];
  });
  const record = address("/changing.msgpack");
  for (const [body, said] of [[snapshot, null], [other, null], ["<!doctype html>", "snapshot-format"]]) {
    site.files.set("/changing.msgpack", body);
    const kept = typeof body === "string" ? other : body;
    assert.deepEqual(await load(), [said, [`sha256/${hex(kept)}`, record]]);
  }
  await context.close();
});

test("a full storage is told of once, and everything works", async () => {
  context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const warned = [];
  tab.on("console", (message) => message.type() === "warning" && warned.push(message.text()));
  const load = (url) => tab.evaluate(async (url) => {
    let stored;
    const mesh = await SkillMesh.load("/registry.msgpack", { model: url, cache: true, onProgress: (event) => event.what === "model" && (stored = event.stored) });
    return [(await mesh.retrieve("heatmap", { mode: "hybrid" })).mode, stored];
  }, url);
  const session = await context.newCDPSession(tab);
  const quota = (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin: site.origin, quotaSize });
  await quota(4_000_000);
  assert.deepEqual(await load("/model.msgpack"), ["hybrid", false]);
  assert.match(warned.join(), /^\/model\.msgpack is used but not kept: .*[Qq]uota/);
  await quota(70_000_000);
  const orphan = () => tab.evaluate(async () => (await caches.open("skillmesh-downloads")).put(`https://skillmesh.invalid/sha256/${"0".repeat(64)}`, new Response(new Uint8Array(40_000_000))));
  await orphan();
  await quota(44_000_000);
  assert.deepEqual(await load("/model.msgpack"), ["hybrid", true], "what nobody needs makes room");
  assert.equal(warned.length, 1);
  await tab.evaluate(() => (caches.open = () => Promise.reject(new DOMException("denied", "SecurityError"))));
  assert.deepEqual(await load("/model.msgpack"), ["hybrid", false], "nor does a storage that can't be opened harm");
  assert.match(warned[1], /is used but not kept: denied/);
  await context.close();
});

/** What is kept in a tab, without the part that all have. */
const keysIn = (tab) => tab.evaluate(async () => (await (await caches.open("skillmesh-downloads")).keys()).map(({ url }) => url.replace(/.*invalid\//, "")));

test("a content that two addresses share stays while one of them has it, though that never downloaded it", async () => {
  const other = Buffer.from(snapshot);
  other[snapshot.indexOf("skillmesh 0.1.0") + 14] = 57;
  context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const load = (url, integrity) => tab.evaluate(async ([url, integrity]) => {
    const from = [];
    (await SkillMesh.load(integrity ? { url, integrity } : url, { cache: true, onProgress: (event) => from.push(event.from) })).free();
    return from.at(-1);
  }, [url, integrity]);
  site.files.set("/shared.msgpack", snapshot);
  assert.equal(await load("/shared.msgpack", sri(snapshot)), "network");
  assert.equal(await load("/shared.msgpack?b", sri(snapshot)), "cache");
  site.files.set("/shared.msgpack", other);
  assert.equal(await load("/shared.msgpack"), "network");
  assert.ok((await keysIn(tab)).includes(`sha256/${hex(snapshot)}`));
  assert.equal(await load("/shared.msgpack?b", sri(snapshot)), "cache");
  await context.close();
});

test("of addresses that change with each visit fifty are kept, and one that is still asked for stays", async () => {
  context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const records = async () => (await keysIn(tab)).filter((key) => key.startsWith("url/")).map((key) => decodeURIComponent(key).split("?")[1]);
  await tab.evaluate(async (integrity) => {
    const load = async (source) => (await SkillMesh.load(source, { cache: true })).free();
    const pinned = (name) => ({ url: `/registry.msgpack?${name}`, integrity });
    const signed = async (from) => { for (let i = 0; i < 30; i++) await load(`/registry.msgpack?signature=${from + i}`); };
    for (const name of ["still", "never"]) await load(pinned(name));
    await signed(0);
    const store = await caches.open("skillmesh-downloads");
    for (const { url } of await store.keys()) { // as if it were two days later
      const found = await store.match(url);
      const asked = found.headers.get("skillmesh-asked") - 2 * 86_400_000;
      await store.put(url, new Response(await found.arrayBuffer(), { headers: { "skillmesh-asked": asked } }));
    }
    await load(pinned("still"));
    await store.put("https://skillmesh.invalid/state", new Response("what was learnt")); // as cacheStore does
    await signed(100);
  }, sri(snapshot));
  const kept = await records();
  const isKept = ["still", "never", "signature=0", "signature=29", "signature=100", "signature=129"].map((name) => kept.includes(name));
  assert.deepEqual([kept.length, ...isKept], [50, true, false, false, true, true, true]);
  assert.ok((await keysIn(tab)).includes("state"), "nothing goes that is no download");
  await context.close();
});

test("what an address had is given up only for what takes its place", async () => {
  context = await site.browser.newContext();
  const tab = await openTab(context, site.origin);
  const session = await context.newCDPSession(tab);
  const quota = (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin: site.origin, quotaSize });
  const load = () => tab.evaluate(async () => {
    let last;
    (await SkillMesh.load("/grown.msgpack", { cache: true, onProgress: (event) => (last = event) })).free();
    return [last.from, last.stored];
  });
  site.files.set("/grown.msgpack", snapshot);
  assert.deepEqual(await load(), ["network", true]);
  site.files.set("/grown.msgpack", Buffer.concat([snapshot, Buffer.alloc(30_000_000)]));
  await quota(4_000_000);
  assert.deepEqual(await load(), ["network", false]);
  assert.ok((await keysIn(tab)).includes(`sha256/${hex(snapshot)}`), "what was there is there");
  site.statuses.set("/grown.msgpack", 503);
  assert.deepEqual(await load(), ["cache", true]);
  site.statuses.clear();
  await context.close();
});

test("two tabs that load at once keep one copy between them", async () => {
  context = await site.browser.newContext();
  const tabs = await Promise.all([openTab(context, site.origin), openTab(context, site.origin)]);
  const load = async () => {
    const loads = [1, 2, 3].map(() => SkillMesh.load("/registry.msgpack", { cache: true, model: null }));
    const ids = (await Promise.all(loads)).map((mesh) => mesh.cards()[0].id);
    return [new Set(ids).size, (await (await caches.open("skillmesh-downloads")).keys()).length];
  };
  assert.deepEqual(await Promise.all(tabs.map((tab) => tab.evaluate(load))).then((all) => all.map(([one]) => one)), [1, 1]);
  assert.equal(await tabs[0].evaluate(async () => (await (await caches.open("skillmesh-downloads")).keys()).length), 2);
  await context.close();
});

test("the service worker of docs/browser.md keeps the page itself", async () => {
  const text = readFileSync(new URL("../../docs/browser.md", import.meta.url), "utf8");
  const block = (name) => new RegExp(`^\\\`\\\`\\\`js ${name}\\n([^]*?)^\\\`\\\`\\\``, "m").exec(text)[1];
  const page = "<!doctype html><title>Offline</title><script type=module src=/main.js></script>";
  const own = [["/", page], ["/sw.js", block("sw.js")], ["/main.js", `${block("main.js")}globalThis.mesh = mesh;`], ["/part.bin", "part"], ["/varying.txt", "varies"]];
  const offline = await openSite(own);
  try {
    const tab = await (await offline.browser.newContext()).newPage();
    const ask = async () => {
      await tab.waitForFunction(() => globalThis.mesh);
      return tab.evaluate(async () => {
        await mesh.semanticReady;
        return [(await mesh.retrieve("heatmap", { mode: "sparse" })).mode, (await mesh.retrieve("heatmap", { mode: "hybrid" })).mode];
      });
    };
    await tab.goto(offline.origin);
    assert.deepEqual(await ask(), ["sparse", "hybrid"]);
    await tab.context().setOffline(true);
    const { length } = offline.asked;
    await tab.reload();
    assert.deepEqual(await ask(), ["sparse", "hybrid"]);
    assert.equal(offline.asked.length, length, "nothing was asked of the network");
    await tab.context().setOffline(false);
    const seen = await tab.evaluate(async () => {
      const asked = [["/part.bin", { headers: { range: "bytes=2-" } }], ["/varying.txt"], ["/missing.txt"]];
      const answers = await Promise.all(asked.map(([path, options]) => fetch(path, options).then(async (response) => [response.status, await response.text()], String)));
      const kept = await Promise.all(asked.map(([path]) => caches.match(path)));
      return [answers, kept.map((response) => response?.status ?? null)];
    });
    assert.deepEqual(seen, [[[206, "rt"], [200, "varies"], [404, ""]], [null, null, null]], "what can't be kept goes through");
  } finally {
    await offline.close();
  }
});
