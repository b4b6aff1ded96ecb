// Does the example extension find skills in a real Chromium, and is nothing lost when the browser ends its worker?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { SkillMesh } from "skillmesh";
import { eventually, killWorker, openExtension, openedPopup, pressButton } from "./extension-browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screens = new URL("../../build/screens/", import.meta.url).pathname;
const TASK = "count the coins in a photo of my desk";
const WEB = `<!doctype html><title>A page</title><p id="task">${TASK}</p>`;
const card = (title, i) => ({ id: `music.${i}`, title, domain: "music", description: "an instrument" });
const MODEL = process.env.SKILLMESH_MODEL;

/** `mesh` answers as the extension should; `own` is a file of skills that somebody brings; `home` can reach what is stored. */
let extension, mesh, scratch, own, home;
before(async () => {
  mkdirSync(screens, { recursive: true });
  scratch = await mkdtemp(join(tmpdir(), "skillmesh-own-"));
  own = join(scratch, "mine.msgpack");
  await writeFile(join(scratch, "experts.json"), JSON.stringify({ experts: ["Kazoo <b>repair</b>", "Violin", "Piano", "Drum"].map(card) }));
  execFileSync(process.env.SKILLMESH_CLI, ["build", join(scratch, "experts.json"), "--no-dense", "--out", own], { stdio: "pipe" });
  [extension, mesh] = await Promise.all([openExtension(WEB), SkillMesh.load(process.env.SKILLMESH_SNAPSHOT, { model: MODEL })]);
  await extension.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await mesh.semanticReady;
  home = await extension.context.newPage();
  await home.goto(`${extension.origin}/manifest.json`);
});
after(async () => {
  mesh.free();
  await extension.close();
  await rm(scratch, { recursive: true });
});
beforeEach(() => home.evaluate(() => Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear()])));

/** Runs `step` on a page of the extension; nothing may be refused or fail on the way. */
async function onPage(name, step, { viewport = { width: 420, height: 600 }, ...media } = {}) {
  const page = await extension.context.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (said) => ["error", "warning"].includes(said.type()) && trouble.push(said.text()));
  try {
    await page.setViewportSize(viewport);
    await page.emulateMedia(media);
    await page.goto(`${extension.origin}/${name}`);
    await step(page);
    assert.deepEqual(trouble, []);
  } finally {
    await page.close();
  }
}

const worker = () => eventually(() => extension.context.serviceWorkers()[0]);
const onPopup = (step, settings) => onPage("popup.html", step, settings);
const onOptions = (step, settings) => onPage("options.html", step, { viewport: { width: 900, height: 900 }, ...settings });
const noted = (page, text) => page.waitForFunction((text) => document.getElementById("note").textContent === text, text);
const viewed = (page, view) => page.waitForFunction((view) => document.body.dataset.view === view && !("busy" in document.body.dataset), view);
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const texts = (page, part) => page.locator(part).allTextContents();
const title = (page) => texts(page, ".card h2");
const numbered = ({ hits }) => hits.map(({ title }, i) => `${i + 1}${title}`);

async function find(page, text, note = "Keywords and meaning") {
  await page.fill("#query", text);
  await viewed(page, "hits");
  await noted(page, note);
}

async function use(page, file) {
  await page.setInputFiles("#snapshot", file);
  await page.waitForFunction(() => document.getElementById("status").textContent || document.getElementById("error").textContent);
  return { file: await page.textContent("#file"), error: await page.textContent("#error"), about: await page.textContent("#about") };
}

test("the button reads what is selected in the page, in the real popup", async () => {
  const page = await extension.context.newPage();
  await page.goto(extension.web);
  await page.evaluate(() => getSelection().selectAllChildren(document.getElementById("task")));
  const popup = await pressButton(extension.context, extension.origin, extension.web);
  const query = await eventually(() => popup.evaluate("document.querySelector('.card') && document.getElementById('query').value"));
  assert.equal(query, TASK);
  const shape = await popup.evaluate("({ popup: document.documentElement.className, wide: document.body.scrollWidth <= innerWidth })");
  assert.deepEqual(shape, { popup: "popup", wide: true });
  await popup.close();
  await page.close();
});

test("the context menu opens the popup with the selected text", async () => {
  const page = await extension.context.newPage();
  await page.goto(extension.web);
  const clicked = (selectionText) => chrome.contextMenus.onClicked.dispatch({ menuItemId: "find", selectionText });
  await (await worker()).evaluate(clicked, " seaborn\n heatmap ");
  const popup = await openedPopup(extension.context);
  const query = await eventually(() => popup.evaluate("document.querySelector('.card') && document.getElementById('query').value"));
  assert.equal(query, "seaborn\n heatmap");
  await popup.close();
  await page.close();
});

test("keywords answer first, then meaning, as the package does elsewhere", async () => {
  await onPopup(async (page) => {
    await viewed(page, "start");
    await page.evaluate(() => {
      globalThis.notes = [];
      const note = document.getElementById("note");
      new MutationObserver(() => notes.push(note.textContent)).observe(note, { childList: true });
    });
    await find(page, TASK);
    assert.deepEqual(await page.evaluate(() => notes), ["Keywords now, meaning is loading…", "Keywords and meaning"]);
    const answer = await mesh.retrieve(TASK, { topK: 3 });
    assert.deepEqual(await title(page), numbered(answer));
    assert.match(await page.textContent("#confidence"), new RegExp(`^High confidence, ${Math.round(answer.confidence.value * 100)} %`));
    const [{ text, ranges }] = answer.hits.map((hit) => hit.snippet);
    assert.equal((await texts(page, ".why"))[0], text);
    assert.deepEqual(await texts(page, ".card:first-child mark"), ranges.map(([from, to]) => text.slice(from, to)));
  });
});

test("a copied block is the package's, and what was copied counts after the worker was ended", async () => {
  await onPopup(async (page) => {
    await find(page, TASK);
    await page.getByRole("button", { name: "Copy 1–2 for Claude" }).click();
    await page.getByRole("button", { name: "Copied 1–2 for Claude" }).waitFor();
    assert.equal(await page.textContent("#status"), "Copied 1–2 for Claude");
    assert.equal(await clipboard(page), await mesh.emit("claude", TASK, { topK: 2, mode: "hybrid" }));
    await killWorker(page);
  });
  await onPopup(async (page) => {
    await viewed(page, "hits");
    await noted(page, "Keywords and meaning");
    assert.equal(await page.inputValue("#query"), TASK, "what was asked last is there again");
    const copied = (await texts(page, ".about")).map((text) => text.includes("copied before"));
    assert.deepEqual(copied, [true, true, false]);
  });
});

test("a worker that ends while it is asked is asked again", async () => {
  await onPopup(async (page) => {
    await killWorker(page);
    await page.fill("#query", TASK); // loads the model in a worker that has just started
    await noted(page, "Keywords now, meaning is loading…");
    await killWorker(page);
    await noted(page, "Keywords and meaning");
    assert.deepEqual(await title(page), numbered(await mesh.retrieve(TASK, { topK: 3 })));
  });
});

test("everything can be done by keys", async () => {
  await onPopup(async (page) => {
    await viewed(page, "start");
    await page.keyboard.type("seaborn heatmap");
    await page.keyboard.press("Enter");
    await noted(page, "Keywords and meaning");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".copied").waitFor();
    assert.equal(await clipboard(page), await mesh.emit("claude", "seaborn heatmap", { topK: 1, mode: "hybrid" }));
    const names = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Tab");
      names.push(await page.evaluate(() => document.activeElement.textContent));
    }
    assert.deepEqual(names, ["Copy 1–2 for Claude", "Copy 1–3 for Claude", "Options"]);
  });
});

test("where nothing fits, that is said, and the closest come when asked for", async () => {
  await onPopup(async (page) => {
    await page.fill("#query", "zzzzqq");
    await viewed(page, "nothing");
    await page.fill("#query", "what is the capital of France");
    await page.getByRole("button", { name: "Show the closest" }).click();
    await viewed(page, "hits");
    await noted(page, "Keywords and meaning");
    assert.deepEqual(await title(page), numbered(await mesh.retrieve("what is the capital of France", { topK: 3 })));
    assert.match(await page.textContent("#confidence"), /^Low confidence/);
    await page.fill("#query", " ");
    await viewed(page, "start");
  });
});

test("options count at once: provider, number, and words alone", async () => {
  await onOptions(async (page) => {
    await page.check("[value=codex]");
    await page.fill("#count", "1");
    await page.uncheck("#meaning");
    await page.waitForFunction(() => /searched by words$/.test(document.getElementById("about").textContent));
    await page.waitForFunction(() => document.getElementById("status").textContent === "Saved.");
  });
  await onPopup(async (page) => {
    await find(page, "seaborn heatmap", "Keywords");
    assert.equal((await title(page)).length, 1);
    await page.getByRole("button", { name: "Copy 1 for Codex" }).click();
    await page.locator(".copied").waitFor();
    assert.match(await clipboard(page), /^# Retrieved SkillMesh Cards/);
  });
});

test("a file of one's own is searched, its texts are shown as they are, and a broken one changes nothing", async () => {
  const cut = join(scratch, "cut.msgpack");
  const whole = await readFile(process.env.SKILLMESH_SNAPSHOT);
  await writeFile(cut, whole.subarray(0, whole.length / 2));
  const flipped = join(scratch, "flipped.msgpack");
  whole[whole.length - 5000] ^= 1;
  await writeFile(flipped, whole);
  const text = join(scratch, "notes.msgpack");
  await writeFile(text, "not a snapshot");
  await onOptions(async (page) => {
    await page.waitForFunction(() => document.getElementById("about").textContent);
    const taken = await use(page, own);
    assert.deepEqual([taken.file, taken.about.split(",")[0]], ["mine.msgpack", "4 skills"]);
    for (const broken of [cut, flipped, text]) {
      const { file, error } = await use(page, broken);
      assert.equal(file, "mine.msgpack");
      assert.match(error, /^\w+\.msgpack was not taken, and what was searched before still is: .{40,}\.$/);
    }
    await page.screenshot({ path: join(screens, "extension-broken-file.png") });
    await killWorker(page);
  });
  await onPopup(async (page) => {
    await page.fill("#query", "kazoo");
    await viewed(page, "hits");
    assert.deepEqual(await title(page), ["1Kazoo <b>repair</b>"]);
  });
  await onOptions(async (page) => {
    await page.getByRole("button", { name: "Back to the packaged skills" }).click();
    await page.waitForFunction(() => document.getElementById("file").textContent === "The packaged skills");
  });
});

test("kept skills that can no longer be opened are told, with a way out", async () => {
  await onPopup((page) => page.evaluate(async () => {
    const { keepSnapshot } = await import("/own.js");
    const { ask } = await import("/ask.js");
    await keepSnapshot("old.msgpack", new Uint8Array([1, 2, 3]));
    await ask("renew");
  }));
  await onPopup(async (page) => {
    await page.fill("#query", "kazoo");
    await viewed(page, "error");
    assert.match(await page.textContent("#message .hint"), /^This is not a skillmesh snapshot: .*\.$/);
    await page.screenshot({ path: join(screens, "extension-error.png") });
    const [options] = await Promise.all([extension.context.waitForEvent("page"), page.getByRole("button", { name: "Open the options" }).click()]);
    await options.getByRole("button", { name: "Back to the packaged skills" }).click();
    await options.waitForFunction(() => document.getElementById("file").textContent === "The packaged skills");
    await options.close();
    await page.fill("#query", "build a seaborn heatmap");
    await viewed(page, "hits");
  });
});

test("what was copied can be forgotten", async () => {
  await onPopup(async (page) => {
    await find(page, TASK);
    await page.getByRole("button", { name: "Copy 1 for Claude" }).click();
    await page.locator(".copied").waitFor();
  });
  await onOptions(async (page) => {
    await page.getByRole("button", { name: "Forget what I copied" }).click();
    await page.waitForFunction(() => document.getElementById("status").textContent === "Forgotten.");
  });
  await onPopup(async (page) => {
    await viewed(page, "hits");
    await noted(page, "Keywords and meaning");
    assert.ok(!(await texts(page, ".about")).some((text) => text.includes("copied before")));
  });
});

/** What axe finds, and whether something stands out at the side. */
async function flaws(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
  return (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) ? [...found, "wider than the window"] : found;
}

test("axe finds nothing in any state, light, dark, narrow and at 200 %", async () => {
  const half = { viewport: { width: 210, height: 300 }, deviceScaleFactor: 2 };
  const looks = { light: {}, dark: { colorScheme: "dark" }, narrow: { viewport: { width: 320, height: 600 } }, half };
  for (const [name, settings] of Object.entries(looks)) {
    await onPopup(async (page) => {
      const seen = async (state) => {
        assert.deepEqual(await flaws(page), [], `${state}, ${name}`);
        await page.screenshot({ path: join(screens, `extension-${state}-${name}.png`) });
      };
      await viewed(page, "start");
      await seen("start");
      await page.fill("#query", "what is the capital of France");
      await viewed(page, "nothing");
      await seen("nothing");
      await find(page, TASK);
      await seen("hits");
    }, settings);
    await onOptions(async (page) => {
      await page.waitForFunction(() => document.getElementById("about").textContent);
      assert.deepEqual(await flaws(page), [], `options, ${name}`);
      await page.screenshot({ path: join(screens, `extension-options-${name}.png`), fullPage: true });
    }, settings);
    await home.evaluate(() => chrome.storage.session.clear());
  }
});

test("it asks for four permissions, has a strict policy, and holds all that it runs", async () => {
  const { permissions, host_permissions, content_security_policy } = JSON.parse(await readFile(join(extension.dist, "manifest.json")));
  assert.deepEqual([permissions, host_permissions], [["activeTab", "contextMenus", "scripting", "storage"], undefined]);
  assert.equal(content_security_policy.extension_pages, "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'");
  const own = readdirSync(extension.dist).filter((name) => /\.(js|html|css)$/.test(name));
  for (const name of own) assert.doesNotMatch(await readFile(join(extension.dist, name), "utf8"), /https?:|innerHTML|import\(|eval\(/, name);
});
