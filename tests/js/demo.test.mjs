// Does the demo site do what it says, below a folder, under a strict policy, on slow and failing networks, for everybody?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SkillMesh } from "skillmesh";
import { openDemo } from "./demo-site.mjs";

const root = new URL("../../", import.meta.url).pathname;
const screens = join(root, "build/screens");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const questions = readFileSync(join(root, "examples/registry/queries.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line).text);
const documents = 1 + readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).length; // and the README

const MODEL = /model\.msgpack-.*gz$/;
const WORDS = /registry-words\.msgpack-.*gz$/;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** What a screen of 1280 by 800 leaves at 200 %. */
const ZOOMED = [640, 400];

/** `differs` is a question that keywords answer surely enough, and meaning in another order. */
let site, mesh, differs, folder;
before(async () => {
  mkdirSync(screens, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "skillmesh-demo-"));
  site = await openDemo(join(root, "build/demo-site"));
  mesh = await SkillMesh.load(process.env.SKILLMESH_SNAPSHOT, { model: process.env.SKILLMESH_MODEL });
  await mesh.semanticReady;
  for (const question of questions.slice(0, 60)) if (!differs && (await isReordered(question))) differs = question;
});
after(async () => {
  mesh?.free();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const best = async (query, mode, topK = 3) => (await mesh.retrieve(query, { mode, topK, minConfidence: "medium" })).hits.map(({ id }) => id);

async function isReordered(question) {
  const [words, both] = [await best(question, "sparse"), await best(question, "hybrid")];
  return words.length === 3 && both.length === 3 && words[2] !== both[2] && words[1] !== both[1];
}

/** Runs `step` in a fresh tab on a page of the site; neither policy may have had anything to refuse, and nothing may be asked of elsewhere. */
async function onPage(path, step, settings = {}, prepare = () => {}) {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 }, ...settings });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(site.origin).origin });
  const page = await context.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (said) => /Content Security|Trusted|violates/.test(said.text()) && trouble.push(said.text()));
  page.on("request", (request) => request.url().startsWith(site.origin) || request.url().startsWith("blob:") || trouble.push(request.url()));
  site.asked.length = 0;
  try {
    await prepare(context);
    await page.goto(site.origin + path);
    await step(page);
    assert.deepEqual(trouble, []);
  } finally {
    site.failing.clear();
    site.instead.clear();
    await context.close();
  }
}

const shot = (page, name, fullPage = false) => page.screenshot({ path: join(screens, `${name}.png`), fullPage });
const cards = (page) => page.$$eval(".cards .card", (all) => all.map((card) => card.dataset.id));
const text = (page, part) => page.textContent(`[data-part=${part}]`);
const model = (page, state) => page.waitForSelector(`[data-part=meaning][data-state=${state}]`);
const answeredBy = (page, legs) => page.waitForFunction((legs) => document.querySelector(".how")?.textContent.startsWith(`by ${legs} in`), legs);
const isModelAsked = () => site.asked.some((path) => MODEL.test(path));
const address = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function ask(page, query) {
  await page.fill("#query", query);
  await page.waitForFunction((query) => document.querySelector("[data-part=emitted]").textContent.includes(query), query);
}

async function axeViolations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
}

test("the first view says what this is and has an answer, without a model", async () => {
  await onPage("", async (page) => {
    await page.waitForSelector(".cards .card");
    const inView = (selector) => page.$eval(selector, (node) => node.getBoundingClientRect().top < innerHeight - 100);
    for (const selector of ["h1", "#query", ".verdict", ".cards .card", "[data-part=emitted]"]) assert.ok(await inView(selector), selector);
    assert.match(await page.textContent("h1"), /skills.*three/);
    assert.deepEqual(await cards(page), await best("blur faces in a video", "sparse"));
    assert.equal(await text(page, "emitted"), await mesh.emit("claude", "blur faces in a video", { mode: "sparse", topK: 3 }));
    assert.match(await text(page, "meaning"), /Keywords answer now/);
    await page.waitForTimeout(300);
    assert.ok(!isModelAsked());
    await shot(page, "playground-light");
  });
});

test("every card shows what each leg gave, which words matched where, and how sure the answer is", async () => {
  await onPage("?q=my+queries+got+slow+after+the+table+grew", async (page) => {
    await answeredBy(page, "keywords and meaning");
    const query = "my queries got slow after the table grew";
    const { hits: [hit], confidence } = await mesh.retrieve(query, { mode: "hybrid" });
    const { sparse, dense, dense_weight: weight } = hit.explain;
    const values = await page.$$eval(".card:first-child .value", (all) => all.map((node) => node.textContent));
    const expected = [[(1 - weight) * sparse.normalised, sparse.rank], [weight * dense.normalised, dense.rank]];
    assert.deepEqual(values, expected.map(([value, rank]) => `${value.toFixed(2)}, rank ${rank}`));
    const wide = await page.$$eval(".card:first-child .fill", (all) => all.map((bar) => bar.getBoundingClientRect().width));
    assert.ok(Math.abs(wide[0] / wide[1] - expected[0][0] / expected[1][0]) < 0.02, "bars are as long as what they stand for");
    const chips = await page.$$eval(".card:first-child .chip b", (all) => all.map((node) => node.textContent));
    assert.deepEqual(chips, ["queries", "slow", "table"]);
    assert.match(await page.textContent(".card:first-child .chip"), /title/);
    assert.equal(await page.getAttribute(".meter", "aria-valuetext"), `Fairly sure, ${Math.round(confidence.value * 100)} %`);
    assert.equal(await page.$$eval(".bars i", (all) => all.length), mesh.stats().cards);
    assert.deepEqual(await page.$$eval(".bars .lit", (all) => all.map((bar) => bar.dataset.rank).sort()), ["1", "2", "3"]);
    await page.click(".card:first-child summary");
    assert.ok((await page.textContent(".card:first-child .whole")).startsWith(hit.description));
  });
});

test("where nothing fits, that is said, nothing is handed over, and the closest come only when asked for", async () => {
  await onPage("?q=roast+a+two+kilo+chicken", async (page) => {
    await answeredBy(page, "keywords and meaning");
    assert.match(await text(page, "nothing"), /Nothing fits well enough.*so none is offered/);
    assert.deepEqual(await cards(page), []);
    assert.match(await text(page, "emitted"), /no skill was sure enough/);
    assert.ok(await page.isDisabled("[data-part=copy]"));
    await shot(page, "playground-nothing");
    await page.click("text=Show the closest anyway");
    await page.waitForSelector(".card");
    assert.equal((await cards(page)).length, 3);
    assert.equal(address(page).any, "1");
    await page.fill("#query", "");
    await page.waitForTimeout(300);
    assert.match(await text(page, "nothing"), /Describe a task above/);
    assert.deepEqual(address(page), {});
  });
});

/** Keywords first, then meaning, and what was on the screen before and after; `step` points or does not. */
async function lateModel(step) {
  const letGo = site.hold(MODEL);
  const top = (page, id) => page.$eval(`[data-id="${id}"]`, (node) => node.getBoundingClientRect().top);
  await onPage("", async (page) => {
    await ask(page, differs);
    await model(page, "loading");
    const words = await cards(page);
    assert.deepEqual(words, await best(differs, "sparse"), "keywords answer at once");
    const pointed = await step(page, words);
    const before = pointed && (await top(page, pointed));
    letGo();
    await answeredBy(page, "keywords and meaning");
    await page.waitForTimeout(400);
    const [after, order] = [await cards(page), await best(differs, "hybrid")];
    if (!pointed) return assert.deepEqual(after, order, "meaning puts its better order");
    assert.deepEqual(after.slice(0, 2), words.slice(0, 2), "what is pointed at stays, and what stands above it");
    assert.equal(await top(page, pointed), before, "not by a pixel");
    const block = await mesh.emit("claude", differs, { mode: "hybrid", topK: 3 });
    assert.equal(await text(page, "emitted"), block, "the block has the better order at once");
    await shot(page, "playground-kept");
    await page.click("text=Show the best order");
    assert.deepEqual(await cards(page), order);
  });
}

test("meaning joins late: the better order comes, but nothing moves under the pointer or the focus", async () => {
  assert.ok(differs);
  await lateModel(async () => null);
  await lateModel(async (page, [, second]) => (await page.hover(`[data-id="${second}"] .title`), second));
  await lateModel(async (page, [, second]) => (await page.focus(`[data-id="${second}"] summary`), second));
});

test("a model that cannot be fetched leaves keywords, a sentence, and a retry that works", async () => {
  await onPage("", async (page) => {
    site.failing.add(MODEL);
    await ask(page, differs);
    await model(page, "failed");
    assert.match(await page.textContent("[role=alert]"), /could not be loaded: .*expected status 200, got 503.*Keywords go on answering/);
    assert.deepEqual(await cards(page), await best(differs, "sparse"));
    await ask(page, "blur faces in a video");
    assert.deepEqual(await cards(page), await best("blur faces in a video", "sparse"));
    await shot(page, "playground-failed");
    assert.deepEqual(await axeViolations(page), []);
    site.failing.clear();
    await page.click("text=Try again");
    await answeredBy(page, "keywords and meaning");
    assert.deepEqual(await cards(page), await best("blur faces in a video", "hybrid"));
  });
});

test("a search that cannot start says so, and starts when asked again", async () => {
  site.failing.add(WORDS);
  await onPage("", async (page) => {
    assert.match(await page.textContent("[role=alert]"), /could not be started: .*expected status 200, got 503/);
    site.failing.clear();
    await page.click("text=Try again");
    await page.waitForSelector(".card");
  });
});

test("on a phone, and where data is saved, the model waits for a yes, which holds for other pages", async () => {
  const waits = async (page) => {
    await page.waitForFunction(() => /fetched if you say so/.test(document.querySelector("[data-part=meaning]").textContent));
    await ask(page, differs);
    await model(page, "asking");
    await page.waitForTimeout(300);
    assert.ok(!isModelAsked());
  };
  const agrees = async (page) => {
    await waits(page);
    await page.click("text=/^Fetch [\\d.]+ MB$/");
    await answeredBy(page, "keywords and meaning");
    await page.goto(`${site.origin}docs/`);
    await page.fill("#query", "who may read it");
    await model(page, "ready");
  };
  await onPage("", agrees, PHONE);
  const saving = () => Object.defineProperty(navigator, "connection", { value: { saveData: true, effectiveType: "4g" } });
  await onPage("", waits, {}, (context) => context.addInitScript(saving));
});

test("the address holds what is asked, and takes nothing else", async () => {
  await onPage("", async (page) => {
    await ask(page, differs);
    await page.selectOption("[name=k]", "5");
    await page.check("[name=provider][value=codex]");
    await page.check("[name=mode][value=sparse]");
    await page.waitForFunction(() => document.querySelectorAll(".card").length === 5);
    assert.deepEqual(address(page), { q: differs, k: "5", provider: "codex", mode: "sparse" });
    const before = await text(page, "emitted");
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll(".card").length === 5);
    assert.equal(await text(page, "emitted"), before);
    assert.equal(before, await mesh.emit("codex", differs, { mode: "sparse", topK: 5, minConfidence: "medium" }));
    assert.equal(await page.inputValue("#query"), differs);
    await page.check("[name=mode][value=dense]");
    await answeredBy(page, "meaning");
    assert.deepEqual(await cards(page), await best(differs, "dense", 5));
  });
  await onPage(`?k=999&mode=${encodeURIComponent("<b>")}&provider=x&q=docker`, async (page) => {
    await page.waitForSelector(".card");
    assert.equal(await page.inputValue("[name=k]"), "3");
    assert.ok(await page.isChecked("[name=mode][value=auto]"));
  });
});

test("the block is copied by keyboard, and that is said", async () => {
  await onPage("", async (page) => {
    await page.waitForSelector(".card");
    await page.focus("[data-part=copy]");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("[data-part=copied]").textContent === "Copied to the clipboard.");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text(page, "emitted"));
    await page.waitForFunction(() => /^\d skills by keywords, .* First: /.test(document.querySelector("[data-part=status]").textContent));
  });
});

const HOSTILE = '<img src=x onerror=alert(1)> "kazoo" <script>alert(2)</script>';

test("what somebody types, and what a registry says, is text and nothing else", async () => {
  const texts = { title: HOSTILE, domain: HOSTILE, description: HOSTILE, instruction_text: HOSTILE };
  const card = { id: "toys.kazoo", ...texts, tags: [HOSTILE], examples: [HOSTILE] };
  const file = join(folder, "hostile.json");
  writeFileSync(file, JSON.stringify({ experts: [card, { ...card, id: "toys.drum", title: "Drum", examples: [], description: "drums", tags: [] }] }));
  execFileSync(process.env.SKILLMESH_CLI, ["build", file, "--no-dense", "--out", join(folder, "hostile.msgpack")], { stdio: "pipe" });
  site.instead.set(WORDS, join(folder, "hostile.msgpack"));
  await onPage(`?any=1&mode=sparse&q=${encodeURIComponent(HOSTILE)}`, async (page) => {
    await page.waitForSelector(".card");
    await page.click(".card summary");
    assert.equal(await page.textContent(".title"), HOSTILE);
    assert.equal(await page.inputValue("#query"), HOSTILE);
    assert.equal(await page.locator("main img, main script").count(), 0);
    await shot(page, "playground-hostile");
  });
  const docs = join(folder, "docs");
  mkdirSync(docs, { recursive: true });
  writeFileSync(join(docs, "bad.md"), `---\ntitle: Kazoo\nurl: javascript:alert(1)\n---\n# Kazoo\n\nA kazoo hums \`${HOSTILE}\`\n`);
  execFileSync(process.env.SKILLMESH_CLI, ["ingest", docs, "--no-dense", "--out", join(folder, "docs.msgpack")], { stdio: "pipe" });
  site.instead.set(/docs-words\.msgpack-.*gz$/, join(folder, "docs.msgpack"));
  await onPage("docs/?q=kazoo", async (page) => {
    await page.waitForSelector(".page");
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.equal(await page.locator("a[href^=javascript]").count(), 0);
    assert.match(await page.textContent(".page"), /<img src=x onerror=alert\(1\)>/);
  });
});

test("documents are found by words and meaning, and results lead to their headings", async () => {
  await onPage("docs/", async (page) => {
    assert.equal(await page.locator(".shelf-list li").count(), documents);
    await page.fill("#query", "damaged snapshot");
    await page.waitForSelector(".page li a");
    await page.waitForFunction(() => /keywords and meaning/.test(document.querySelector("[data-part=state]").textContent));
    assert.deepEqual(address(page), { q: "damaged snapshot" });
    await shot(page, "docs-results");
    const link = page.locator(".page li a").first();
    const [heading, to] = [(await link.textContent()).split(" › ").at(-1), await link.getAttribute("href")];
    await link.click();
    await page.waitForURL(to);
    assert.equal(await page.evaluate(() => document.querySelector(decodeURIComponent(location.hash)).textContent), heading);
  });
  await onPage("docs/?q=zzqqxx", async (page) => {
    await page.waitForFunction(() => /Nothing found|pages? by/.test(document.querySelector("[data-part=state]").textContent));
  });
});

test("the search element works on every page of the documentation, and leads somewhere", async () => {
  await onPage("docs/routing.html", async (page) => {
    await page.waitForFunction(() => document.querySelector("skillmesh-search").hasAttribute("snapshot"));
    await page.keyboard.press("/");
    await page.keyboard.type("damaged snapshot");
    await page.waitForSelector("dialog[data-view=results]");
    const to = await page.locator("[aria-selected=true]").evaluate((row) => row.href);
    assert.ok(to.startsWith(`${site.origin}docs/`), to);
    await shot(page, "docs-search");
    await page.keyboard.press("Enter");
    await page.waitForURL(/docs\/.*html#/);
    assert.ok(await page.evaluate(() => document.querySelector(location.hash)));
  });
});

test("every link of every page leads somewhere", async () => {
  const seen = new Map();
  const links = async (url) => {
    const response = await fetch(url);
    assert.equal(response.status, 200, url);
    const html = await response.text();
    seen.set(url, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)));
    return [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, to]) => new URL(to, url));
  };
  const open = [new URL(site.origin)];
  const anchors = [];
  for (let url; (url = open.pop()); ) {
    const page = url.href.replace(/#.*/, "");
    if (url.hash) anchors.push(url);
    if (!url.href.startsWith(site.origin) || seen.has(page)) continue;
    open.push(...(await links(page)));
  }
  assert.ok(seen.size >= 14, [...seen.keys()].join());
  for (const { href, hash } of anchors) assert.ok(seen.get(href.replace(/#.*/, ""))?.has(decodeURIComponent(hash.slice(1))), href);
});

test("the page that measures has no figure of its own, and gives the visitor's", async () => {
  await onPage("performance/", async (page) => {
    assert.doesNotMatch(await text(page, "measured"), /\d/);
    for (const _ of "12") {
      await page.click("[data-part=measure]");
      await page.waitForSelector("[data-part=measure]:not([disabled])");
    }
    const tables = await page.$$eval("[data-part=measured] section", (all) => all.map((section) => section.innerText));
    const said = tables.join("\n");
    const rows = ["retriever compiled", "snapshot opened", "first answer by keywords", "model opened", "keywords and meaning", "p95", "scripts"];
    for (const row of rows) assert.ok(said.includes(row), row);
    assert.match(said, /ms \(.* to .*\)/, "several runs have a range");
    assert.match(await text(page, "state"), /2 times/);
    await shot(page, "performance", true);
    await page.click("[data-part=copy]");
    await page.waitForFunction(() => /Copied/.test(document.querySelector("[data-part=state]").textContent));
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /## Asked\n\n\| by \| questions \| p50 \| p95 \|\n\| --- \|/);
  });
});

/** Asks for `id` until it is the first card: the files may still be read. */
const found = (page, query, id) => page.waitForFunction(([query, id]) => {
  const field = document.getElementById("query");
  if (field && field.value !== query) field.dispatchEvent(Object.assign(new InputEvent("input", { bubbles: true }), { _: (field.value = query) }));
  return document.querySelector(".card")?.dataset.id === id;
}, [query, id]);

test("one's own files are indexed in the page, judged, searched and kept as a snapshot", async () => {
  await onPage("own/", async (page) => {
    await page.click("[data-part=sample]");
    await page.waitForSelector("[data-part=report]:not([hidden])");
    await found(page, "which step of the query costs most", "slow-queries");
    assert.match(await text(page, "verdict"), /^by keywords in .*nobody can say yet/);
    assert.doesNotMatch(await text(page, "verdict") + (await text(page, "status")), /%|percent|[Ss]ure,/, "no number where nothing was tuned");
    const broken = Buffer.from(`experts:\n- id: toys.kazoo\n  titel: ${JSON.stringify(HOSTILE)}\n`);
    const file = { name: "broken.yaml", mimeType: "text/yaml", buffer: broken };
    await page.setInputFiles("[data-part=file-input]", [file]);
    await page.waitForFunction(() => /broken\.yaml/.test(document.querySelector("[data-part=findings]").textContent));
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.deepEqual(await axeViolations(page), []);
    await shot(page, "own-built", true);
    await page.click(".paste summary");
    await page.fill("#pasted", "---\nname: haiku\ndescription: Writes haiku about autumn.\n---\n\nFive, seven, five.");
    await page.click("text=/^Add$/");
    await found(page, "write a haiku about autumn", "haiku");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([JSON.stringify({ experts: [{ id: "chess", title: "Chess", description: "Plays chess openings." }] })], "chess.json"));
      data.items.add(new File(["x"], "photo.png"));
      for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await page.waitForFunction(() => /1 file of other kinds was passed over/.test(document.querySelector("[data-part=summary]").textContent));
    await found(page, "which chess openings to play", "chess");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-part=download]")]);
    const kept = await SkillMesh.load(await download.path());
    assert.ok(kept.card("slow-queries"));
    kept.free();
  });
});

test("one's own skills are found by meaning too, once somebody wants it, also those that come later", async () => {
  await onPage("own/", async (page) => {
    await page.click("[data-part=sample]");
    await page.waitForSelector("[data-part=meaning]:not(:empty)");
    assert.match(await text(page, "meaning"), /fetched if you say so/);
    await found(page, "what changed since the last version", "release-notes");
    await model(page, "asking");
    assert.ok(!isModelAsked(), "not unasked");
    await page.click("text=/^Fetch [\\d.]+ MB$/");
    await model(page, "ready");
    await ask(page, "our servers crashed and customers complained");
    await answeredBy(page, "keywords and meaning");
    assert.equal((await cards(page))[0], "incident-review");
    assert.deepEqual(await axeViolations(page), []);
    const data = { name: "chess.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify({ experts: [{ id: "chess", title: "Chess", description: "Plays openings." }] })) };
    await page.setInputFiles("[data-part=file-input]", [data]);
    await page.waitForFunction(() => document.querySelector("[data-part=summary]").textContent.startsWith("6 skills"));
    await ask(page, "a board game with kings and queens");
    await answeredBy(page, "keywords and meaning");
    assert.equal((await cards(page))[0], "chess");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-part=download]")]);
    const kept = await SkillMesh.load(await download.path(), { model: process.env.SKILLMESH_MODEL });
    assert.ok(await kept.semanticReady, "what is downloaded has the vectors");
    kept.free();
  });
});

test("without a network the pages come again, and answer by keywords and meaning", async () => {
  await onPage(`?q=${encodeURIComponent(differs)}`, async (page) => {
    await answeredBy(page, "keywords and meaning");
    const isKept = (part) => page.waitForFunction(async (part) => {
      const name = (await caches.keys()).find((name) => /^[0-9a-f]{12}$/.test(name));
      return name && (await (await caches.open(name)).keys()).some(({ url }) => url.includes(part));
    }, part);
    for (const part of ["skillmesh_embed_bg", "skillmesh_bg", "registry-words", "worker-", ".css"]) await isKept(part);
    await page.context().setOffline(true);
    site.failing.add(/./);
    await page.reload();
    await answeredBy(page, "keywords and meaning");
    assert.deepEqual(await cards(page), await best(differs, "hybrid"));
    await page.goto(`${site.origin}?q=docker`);
    await page.waitForSelector(".card");
    await page.context().setOffline(false);
  });
});

const MANY = "?q=users+get+logged+out+at+random&mode=sparse&any=1&k=10";
const PATHS = ["", MANY, "docs/", "docs/?q=snapshot", "docs/readme.html", "own/", "performance/"];
const SIZES = { wide: [1280, 800], phone: [390, 844], narrow: [320, 640], zoomed: ZOOMED };

test("axe finds nothing in light and dark, and nothing is wider than the screen, on phones and at 200 %", async () => {
  const check = async (page, path) => {
    const name = `${path.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "playground"}`;
    await page.waitForFunction((waits) => !waits || document.querySelector(".card, .page"), !path || path.includes("q="));
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      await page.setViewportSize({ width, height });
      assert.equal(await overflow(page), 0, `${path} ${size}`);
      if (size !== "narrow") await shot(page, `${name}-${size}`);
    }
    for (const [colorScheme, [width, height]] of [["light", SIZES.phone], ["dark", SIZES.wide]]) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axeViolations(page), [], `${path} ${colorScheme}`);
    }
    await shot(page, `${name}-dark`);
  };
  const letGo = site.hold(MODEL); // its sums would hold up everything else
  for (const path of PATHS) await onPage(path, (page) => check(page, path), { reducedMotion: "reduce" });
  letGo();
});

test("colours follow the system until somebody chooses, and the choice is kept", async () => {
  const paper = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await onPage("", async (page) => {
    const dark = await paper(page);
    assert.equal(await page.getAttribute("[data-part=theme]", "aria-pressed"), "true");
    await page.click("[data-part=theme]");
    const light = await paper(page);
    assert.notEqual(light, dark);
    await page.goto(`${site.origin}performance/`);
    assert.equal(await paper(page), light);
    assert.equal(await page.getAttribute("[data-part=theme]", "aria-pressed"), "false");
  }, { colorScheme: "dark" });
});

test("who prefers less motion sees none", async () => {
  await onPage("", async (page) => {
    await ask(page, differs);
    await answeredBy(page, "keywords and meaning");
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  }, { reducedMotion: "reduce" });
});
