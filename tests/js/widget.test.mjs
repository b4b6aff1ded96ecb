// Does <skillmesh-search> find, speak and hold still in a real browser, under a strict content security policy?
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DocSearch } from "skillmesh";
import { openSite } from "./widget-site.mjs";

const root = new URL("../../", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = JSON.parse(readFileSync(new URL("./sizes.json", import.meta.url)));

/** `docs` answers as the element should; `differs` is a question whose answer meaning puts in another order. */
let site, docs, differs;
before(async () => {
  site = await openSite({ root, cli: process.env.SKILLMESH_CLI, model: process.env.SKILLMESH_MODEL });
  docs = await DocSearch.load(site.snapshot, { model: process.env.SKILLMESH_MODEL });
  await docs.semanticReady;
  const questions = ["which words count", "what happens after a crash", "how sure is an answer", "who may read it", "when is a file read"];
  for (const question of questions) if (await isReordered(question)) differs ??= question;
});
after(() => (docs.free(), site.close()));

const titles = async (question, mode) => (await docs.search(question, { mode, limit: 8 })).pages.map((page) => page.title);

/** Whether meaning changes the order of what stands below the first two pages. */
async function isReordered(question) {
  const [words, both] = [await titles(question, "sparse"), await titles(question, "hybrid")];
  const below = (order) => order.filter((title) => !words.slice(0, 2).includes(title));
  return words.length > 3 && below(words).join() !== below(both).join();
}

const WITH_MODEL = "model=/model.msgpack";

/** Runs `step` in a fresh tab on a page with an element of these attributes; the policy must have had nothing to refuse. */
async function onPage(query, step, settings = {}) {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 800 }, ...settings });
  await context.addInitScript(() => (globalThis.tree = () => document.querySelector("skillmesh-search").shadowRoot));
  const page = await context.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (said) => /Content Security|Trusted/.test(said.text()) && trouble.push(said.text()));
  site.asked.length = 0;
  try {
    await page.goto(`${site.origin}/try?${query}`);
    await page.waitForFunction(() => tree()?.querySelector("dialog"));
    await step(page);
    assert.deepEqual(trouble, []);
  } finally {
    site.failing.clear();
    await context.close();
  }
}

/** What the element shows. */
const seen = (page) => page.evaluate(() => {
  const tree = globalThis.tree();
  const text = (part) => tree.querySelector(part)?.textContent ?? null;
  const active = tree.querySelector("[aria-selected=true]");
  const { top, left } = active?.getBoundingClientRect() ?? {};
  const input = tree.querySelector("input");
  return {
    view: tree.querySelector("dialog").dataset.view,
    open: tree.querySelector("dialog").open,
    pages: [...tree.querySelectorAll("[role=group]")].map((group) => group.getAttribute("aria-label")),
    rows: [...tree.querySelectorAll("[role=option]")].map((row) => row.href),
    active: active && { id: active.id, url: active.href, top, left },
    named: input.getAttribute("aria-activedescendant"),
    expanded: input.getAttribute("aria-expanded"),
    query: input.value,
    note: text("[part=note]"), says: text(".says"), hint: text(".hint"), status: text("[role=status]"),
  };
});

const inTree = (page, step, argument) => page.evaluate(`(${step})(tree(), ${JSON.stringify(argument)})`);
const until = (page, view) => page.waitForFunction((view) => tree().querySelector("dialog").dataset.view === view, view);
const listed = (page, titles) =>
  page.waitForFunction((titles) => `${[...tree().querySelectorAll("[role=group]")].map((group) => group.getAttribute("aria-label"))}` === titles, `${titles}`);
const noted = (page, state) => page.waitForFunction((state) => tree().querySelector("[part=note]").dataset.state === state, state);

async function ask(page, text) {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(text);
  await until(page, "results");
  await page.waitForFunction((text) => {
    const rows = [...tree().querySelectorAll("mark")].map((mark) => mark.textContent.toLowerCase());
    return rows.some((word) => text.split(" ").at(-1).startsWith(word.slice(0, 4)));
  }, text);
}

/** Hands over a search that answers with a page for each address, and breaks after that if `breaks` says so. */
async function handOver(page, urls, breaks = null) {
  await page.evaluate(([urls, breaks]) => {
    const snippet = { text: "text", ranges: [] };
    const pages = urls.map((url, i) => ({ path: url, title: `Page ${i}`, url, sections: [{ headings: [`Page ${i}`], url, snippet }] }));
    const live = (onAnswer, options) => ({
      cancel() {},
      search(query) {
        window.options = options;
        onAnswer({ query, mode: "sparse", pages });
        if (breaks) setTimeout(() => options.onError(new Error(breaks)));
      },
    });
    document.querySelector("skillmesh-search").search = { live, semanticReady: Promise.resolve(true) };
  }, [urls, breaks]);
}

/** Sets attributes of the element, one after the other. */
const set = (page, attributes) => page.evaluate((attributes) => {
  for (const [name, value] of Object.entries(attributes)) document.querySelector("skillmesh-search").setAttribute(name, value);
}, attributes);

const open = (page, query) => page.evaluate((query) => document.querySelector("skillmesh-search").open(query), query);

/** What the page was told on its console. */
const complaints = (page) => {
  const said = [];
  page.on("console", (line) => line.type() === "error" && said.push(line.text()));
  return said;
};

/** Violations that axe finds, in all of the page. */
async function axeViolations(page) {
  await page.waitForTimeout(300); // an opening dialog is half transparent
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
}

test("nothing is loaded before somebody wants to search, then one thing after the other", async () => {
  await onPage(WITH_MODEL, async (page) => {
    const parts = ["/skillmesh/docs.js", "/skillmesh/widget/list.js", "/docs.msgpack", "/model.msgpack"];
    const loaded = () => parts.filter((path) => site.asked.includes(path));
    assert.deepEqual(loaded(), []);
    await Promise.all([page.waitForResponse(/skillmesh_bg\.wasm/), page.hover("skillmesh-search")]);
    assert.deepEqual(loaded(), parts.slice(0, 2));
    await Promise.all([page.waitForResponse(/docs\.msgpack/), page.click("skillmesh-search")]);
    assert.ok(!site.asked.some((path) => /model|embed_bg/.test(path)), "the model waits for a first answer");
    await Promise.all([page.waitForResponse(/model\.msgpack/), page.keyboard.type("snapshot")]);
    await noted(page, "Ready");
  });
  await onPage(`${WITH_MODEL}&semantic=off`, async (page) => {
    await ask(page, "snapshot");
    await page.waitForTimeout(300);
    assert.ok(!site.asked.some((path) => /model|embed_bg/.test(path)));
    assert.equal((await seen(page)).note, "");
  });
});

test("keywords come from a snapshot without vectors, which come with the model; what fails of it is tried again", async () => {
  await onPage(`snapshot=/words.msgpack.gz&vectors=/docs.msgpack&${WITH_MODEL}`, async (page) => {
    site.failing.add("/docs.msgpack");
    await open(page, "");
    await page.waitForResponse(/words\.msgpack\.gz/);
    assert.ok(!site.asked.includes("/docs.msgpack"), "the vectors wait for a first answer");
    await page.keyboard.type(differs);
    await noted(page, "Failed");
    await listed(page, await titles(differs, "sparse")); // who typed slowly was answered to the first letters before
    site.failing.clear();
    await page.keyboard.press("Escape");
    await open(page, differs);
    await noted(page, "Ready");
    const best = await titles(differs, "hybrid");
    await page.waitForFunction((best) => {
      const below = [...tree().querySelectorAll("[role=group]")].slice(1).map((group) => group.getAttribute("aria-label"));
      return `${below}` === `${best.filter((title) => below.includes(title))}`;
    }, best);
    follows((await seen(page)).pages.slice(1), best);
  });
});

test("open by shortcut, type, arrows, and Enter leads to the right heading", async () => {
  await onPage("", async (page) => {
    await page.click("#field");
    await page.keyboard.type("/");
    await page.keyboard.press("Control+k");
    assert.equal((await seen(page)).open, false, "keys in a field belong to the field");
    assert.equal(await page.inputValue("#field"), "/");
    await page.click("h1");
    await page.keyboard.press("/");
    await page.keyboard.type("damaged snapshot");
    await until(page, "results");
    await page.waitForTimeout(200);
    const first = await seen(page);
    assert.equal(first.query, "damaged snapshot");
    const [{ sections: [best] }] = (await docs.search("damaged snapshot", { mode: "sparse" })).pages;
    assert.deepEqual([first.active.url, best.url.includes("#")], [`${site.origin}/${best.url}`, true]);
    assert.deepEqual([first.named, first.expanded], [first.active.id, "true"]);
    await page.keyboard.press("ArrowDown");
    const second = await seen(page);
    assert.equal(second.rows.indexOf(second.active.url), first.rows.indexOf(first.active.url) + 1);
    await page.keyboard.press("Enter");
    await page.waitForURL(second.active.url);
    const heading = await page.evaluate(() => document.querySelector(location.hash).getBoundingClientRect().top);
    assert.ok(Math.abs(heading) < 40, `the heading is at the top, ${heading}`);
  });
});

test("every key does what people expect, and focus stays in and comes back", async () => {
  await onPage("", async (page) => {
    await page.focus("skillmesh-search");
    await page.keyboard.press("Tab");
    await page.evaluate(() => tree().querySelector("button").focus());
    await page.keyboard.press("Enter");
    await page.keyboard.type("snapshot");
    await until(page, "results");
    await page.waitForTimeout(150);
    const at = async (key) => {
      await page.keyboard.press(key);
      const { rows, active } = await seen(page);
      return [rows.indexOf(active.url), rows.length];
    };
    const caret = () => inTree(page, (tree) => tree.querySelector("input").selectionStart);
    await page.keyboard.press("Home");
    assert.equal(await caret(), 0, "Home belongs to the text until somebody has begun to choose");
    const [second, count] = await at("ArrowDown");
    assert.ok(second > 0 && count > 5);
    assert.deepEqual([await at("End"), await at("ArrowDown"), await at("ArrowUp")].map(([row]) => row), [count - 1, 0, count - 1]);
    assert.deepEqual([await at("Home"), await at("PageDown"), await at("PageUp")].map(([row]) => row), [0, 5, 0]);
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press("Tab");
      const outside = await page.evaluate(() => !["SKILLMESH-SEARCH", "BODY"].includes(document.activeElement.tagName));
      assert.ok(!outside, "nothing behind the dialog gets the focus");
    }
    await page.keyboard.press("Escape");
    const focused = await inTree(page, (tree) => tree.activeElement?.getAttribute("part"));
    assert.deepEqual([(await seen(page)).open, focused], [false, "trigger"]);
    await page.keyboard.press("Control+k");
    const kept = await seen(page);
    assert.deepEqual([kept.query, kept.view], ["snapshot", "results"], "what was asked is still there");
    await page.keyboard.press("Control+k");
    assert.equal((await seen(page)).open, false);
  });
});

test("a screen reader hears how many results there are, and what is wrong", async () => {
  await onPage("", async (page) => {
    await ask(page, "snapshot");
    await page.waitForTimeout(700);
    const { status, rows } = await seen(page);
    assert.equal(status, `${rows.length} results`);
    const roles = await inTree(page, (tree) => {
      const input = tree.querySelector("input");
      const list = tree.getElementById(input.getAttribute("aria-controls"));
      return [input.role, list.role, list.getAttribute("aria-label"), [...list.children].every((group) => group.role === "group")];
    });
    assert.deepEqual(roles, ["combobox", "listbox", "Results", true]);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("zzqqxx");
    await until(page, "none");
    await page.waitForTimeout(700);
    const nothing = await seen(page);
    assert.equal(nothing.status, "Nothing found for “zzqqxx”. Try fewer words, or other ones.");
    assert.deepEqual([nothing.named, nothing.expanded], [null, "false"]);
  });
});

test("axe finds nothing in any state, light, dark, on a phone and at 200 %", async () => {
  const check = async (query, text, settings, state = "results") => {
    await onPage(query, async (page) => {
      assert.deepEqual(await axeViolations(page), [], `${query} closed`);
      await page.keyboard.press("Control+k");
      await page.keyboard.type(text);
      await until(page, state);
      assert.deepEqual(await axeViolations(page), [], `${query} ${text}`);
    }, settings);
  };
  await check("", "snapshot", {});
  await check("dark=1", "snapshot", { colorScheme: "dark" });
  await check("theme=dark", "snapshot", {});
  await check("dir=rtl", "snapshot", {});
  await check("", "", {}, "start");
  await check("", "zzqqxx", {}, "none");
  await check("snapshot=/missing.msgpack", "snapshot", {}, "error");
  await check("model=/missing.msgpack", "snapshot", { viewport: { width: 390, height: 844 } });
  await check("", "snapshot", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
});

/** Meaning comes when `step` has looked at keywords; gives what was seen before and after. */
async function lateMeaning(text, step = async () => {}) {
  const letGo = site.hold("/model.msgpack");
  let found;
  await onPage(WITH_MODEL, async (page) => {
    await ask(page, text);
    await noted(page, "Loading");
    await page.waitForTimeout(400);
    await step(page);
    const before = await seen(page);
    letGo();
    await noted(page, "Ready");
    await page.waitForTimeout(600);
    found = { before, after: await seen(page), best: await titles(text, "hybrid") };
  });
  return found;
}

function follows(order, best) {
  assert.deepEqual(order, best.filter((title) => order.includes(title)), "what lies below follows the better order");
}

test("when meaning comes late, what is active or pointed at does not move, and what lies below gets better", async () => {
  const still = ({ before, after }) => assert.deepEqual(after.active, before.active);
  const untouched = await lateMeaning(differs);
  still(untouched);
  assert.notDeepEqual(untouched.after.pages, untouched.before.pages);
  assert.equal(untouched.after.pages[0], untouched.before.pages[0]);
  follows(untouched.after.pages.slice(1), untouched.best);
  const chosen = await lateMeaning(differs, async (page) => {
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
  });
  still(chosen);
  const pointed = await lateMeaning(differs, async (page) => {
    const [x, y] = await inTree(page, (tree) => {
      const { x, y } = tree.querySelectorAll("[role=group]")[1].querySelector("a").getBoundingClientRect();
      return [x, y];
    });
    await page.mouse.move(x + 60, y + 5);
    await page.mouse.move(x + 60, y + 10);
  });
  still(pointed);
  assert.deepEqual(pointed.after.pages.slice(0, 2), pointed.before.pages.slice(0, 2));
  follows(pointed.after.pages.slice(2), pointed.best);
});

test("with the model at hand the better order is there before anybody can look", async () => {
  await onPage(WITH_MODEL, async (page) => {
    await ask(page, "snapshot");
    await noted(page, "Ready");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(differs);
    await page.waitForTimeout(600);
    const { pages, active, rows } = await seen(page);
    assert.deepEqual(pages, await titles(differs, "hybrid"));
    assert.ok(rows.indexOf(active.url) < 4);
  });
});

test("what may change is decided by what was reached", async () => {
  const { reached, settled, GLANCE } = await import("./node_modules/skillmesh/widget/settle.js");
  const idle = { age: 0, moved: false, active: 0, hovered: -1, scrolled: -1 };
  const looked = [[{}, -1], [{ age: GLANCE + 1 }, 0]];
  const cases = [...looked, [{ moved: true, active: 2 }, 2], [{ hovered: 3 }, 3], [{ scrolled: 4, hovered: 1 }, 4]];
  for (const [more, last] of cases) assert.equal(reached({ ...idle, ...more }), last, JSON.stringify(more));
  const list = (keys) => [...keys].map((key) => ({ key }));
  const order = (shown, next, last) => settled(list(shown), list(next), last).map(({ key }) => key).join("");
  assert.deepEqual([order("abc", "cxb", -1), order("abc", "cxb", 0), order("abc", "cxb", 1)], ["cxb", "acxb", "abcx"]);
});

test("a model that fails leaves keywords, and a small note", async () => {
  site.failing.add("/model.msgpack");
  await onPage(WITH_MODEL, async (page) => {
    await ask(page, "snapshot");
    await noted(page, "Failed");
    const { note, pages } = await seen(page);
    assert.deepEqual([note, pages.length > 2], ["Keywords only: meaning could not be used", true]);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("zzqqxx");
    await until(page, "none");
    assert.equal((await seen(page)).says, "Nothing found for “zzqqxx”.");
  });
});

for (const path of ["/docs.msgpack", "/skillmesh/wasm/skillmesh_bg.wasm"]) {
  test(`when ${path} fails, a message says so, and a second try finds`, async () => {
    site.failing.add(path);
    await onPage("", async (page) => {
      const told = page.evaluate(() => new Promise((told) => addEventListener("skillmesh-error", told))
        .then(({ detail }) => detail.error.message));
      await page.keyboard.press("/");
      await page.keyboard.type("snapshot");
      await until(page, "error");
      const { says, hint } = await seen(page);
      assert.equal(says, "The search does not work at the moment.");
      assert.equal(hint, await told);
      site.failing.clear();
      await page.getByRole("button", { name: "Try again" }).click();
      await until(page, "results");
      assert.equal(await inTree(page, (tree) => tree.activeElement.role), "combobox");
    });
  });
}

/** Whether anything is wider than the place it has, and how large what is pressed is. */
const fit = (tree) => {
  const dialog = tree.querySelector("dialog");
  const wide = [document.documentElement, dialog, ...dialog.querySelectorAll(".body, .header, .footer, a, .line")];
  const box = dialog.getBoundingClientRect();
  const targets = [...dialog.querySelectorAll("a, button:not([hidden])")].map((one) => one.getBoundingClientRect().height);
  const { height: field } = tree.querySelector("input").getBoundingClientRect();
  return {
    overflowing: wide.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className),
    full: box.width === innerWidth && Math.round(box.height) === innerHeight,
    smallest: Math.min(...targets, field),
  };
};

test("on a phone the dialog is the whole screen, with targets for fingers", async () => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 320, height: 568 }]) {
    await onPage("", async (page) => {
      await page.tap("skillmesh-search");
      await page.keyboard.type("which words count");
      await until(page, "results");
      await page.waitForTimeout(300);
      const { overflowing, full, smallest } = await inTree(page, fit);
      assert.deepEqual([overflowing, full], [[], true]);
      assert.ok(smallest >= 36, `${smallest}`);
      await page.getByRole("button", { name: "Close" }).tap();
      assert.equal((await seen(page)).open, false);
    }, { viewport, hasTouch: true, isMobile: true });
  }
});

test("at 200 % and with text of twice the size nothing is cut off, also from right to left", async () => {
  const zoomed = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
  for (const query of ["", "dir=rtl"]) {
    await onPage(query, async (page) => {
      await ask(page, "which words count");
      assert.deepEqual((await inTree(page, fit)).overflowing, []);
    }, zoomed);
  }
  await onPage("", async (page) => {
    await page.evaluate(() => document.querySelector("skillmesh-search").style.setProperty("--skillmesh-font-size", "32px"));
    await ask(page, "which words count");
    assert.deepEqual((await inTree(page, fit)).overflowing, []);
    const text = await inTree(page, (tree) => {
      const { fontSize, lineHeight } = getComputedStyle(tree.querySelector("#root"));
      return [fontSize, lineHeight, getComputedStyle(tree.querySelector(".name")).fontSize];
    });
    assert.deepEqual(text, ["32px", "48px", "30px"]);
  });
});

test("colours follow the page, the system and the attribute; motion and forced colours are respected", async () => {
  const background = (page) => inTree(page, (tree) => getComputedStyle(tree.querySelector("dialog")).backgroundColor);
  const [white, black] = ["rgb(255, 255, 255)", "rgb(23, 25, 30)"];
  const asked = [["dark=1", "light", black], ["theme=light", "dark", white], ["theme=dark", "light", black]];
  const cases = [["", "light", white], ["", "dark", white], ...asked];
  for (const [query, colorScheme, expected] of cases) {
    await onPage(query, async (page) => assert.equal(await background(page), expected, `${query} ${colorScheme}`), { colorScheme });
  }
  await onPage("", async (page) => {
    for (const [color, expected] of [["oklch(0.95 0 0)", black], ["color(display-p3 0.1 0.1 0.2)", white], ["rgb(255 255 245 / .86)", black]]) {
      await page.evaluate((color) => (document.body.style.color = color), color);
      assert.equal(await background(page), expected, `a page that turns its text ${color}`);
    }
  });
  await onPage("", async (page) => {
    await ask(page, "snapshot");
    const [motion, active, other] = await inTree(page, (tree) => {
      const style = (selector) => getComputedStyle(tree.querySelector(selector));
      return [style("dialog").animationName, style("[aria-selected=true]").backgroundColor, style("[aria-selected=false]").backgroundColor];
    });
    assert.equal(motion, "none");
    assert.notEqual(active, other);
  }, { reducedMotion: "reduce", forcedColors: "active" });
});

test("events tell what happens, and a page may follow results by itself", async () => {
  await onPage("", async (page) => {
    await page.evaluate(() => {
      window.told = [];
      for (const name of ["open", "close", "select"]) {
        addEventListener(`skillmesh-${name}`, (event) => {
          told.push([name, event.detail]);
          if (name === "select" && !event.detail.newTab) event.preventDefault();
        });
      }
    });
    await ask(page, "damaged snapshot");
    await page.waitForTimeout(150);
    const { url } = (await seen(page)).active;
    const tab = page.context().waitForEvent("page");
    await page.keyboard.press("Control+Enter");
    await (await tab).waitForURL(url);
    assert.equal((await seen(page)).open, true, "the dialog stays when a result opens beside it");
    await page.bringToFront();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => told.length === 4);
    const told = await page.evaluate(() => window.told);
    assert.deepEqual(told.map(([name]) => name), ["open", "select", "select", "close"]);
    const { headings, ...detail } = told[2][1];
    const [{ path, title, sections: [best] }] = (await docs.search("damaged snapshot", { mode: "sparse" })).pages;
    assert.deepEqual(headings, best.headings);
    assert.deepEqual(detail, { url, query: "damaged snapshot", title, path, newTab: false });
    assert.ok(page.url().includes("/try"), "the page did not leave");
  });
});

test("several elements share what they load, and one takes the shortcut", async () => {
  await onPage(`twice=1&${WITH_MODEL}`, async (page) => {
    await page.evaluate(async () => {
      const [one, other] = document.querySelectorAll("skillmesh-search");
      for (const element of [one, other]) {
        element.open("snapshot");
        const note = element.shadowRoot.querySelector("[part=note]");
        while (note.dataset.state !== "Ready") await new Promise((later) => setTimeout(later, 20));
        element.close();
      }
    });
    const count = (path) => site.asked.filter((asked) => asked === path).length;
    assert.deepEqual(["/docs.msgpack", "/model.msgpack", "/skillmesh/wasm/skillmesh_bg.wasm"].map(count), [1, 1, 1]);
    await page.waitForTimeout(100);
    await page.keyboard.press("/");
    const open = () => page.evaluate(() => {
      const elements = [...document.querySelectorAll("skillmesh-search")];
      return elements.map((one) => one.shadowRoot.querySelector("dialog").open);
    });
    assert.deepEqual(await open(), [true, false]);
    await page.keyboard.press("Escape");
    await page.evaluate(() => (document.querySelector("skillmesh-search").hidden = true));
    await page.keyboard.press("/");
    assert.deepEqual(await open(), [false, true], "one that is hidden leaves the keys to the next");
  });
});

test("a DocSearch of the page's own answers, and may be set before the element is known", async () => {
  await onPage("snapshot=/missing.msgpack", async (page) => {
    await page.evaluate(async () => {
      const { DocSearch } = await import("/skillmesh/browser.js");
      const element = document.querySelector("skillmesh-search");
      element.search = await DocSearch.load("/docs.msgpack");
      element.labels = { trigger: "Suche", count: { one: "{count} Treffer", other: "{count} Treffer" } };
      element.open("kazoo");
    });
    await until(page, "results");
    await page.waitForTimeout(700);
    const { status, pages } = await seen(page);
    assert.deepEqual([status, pages[0]], [`${(await seen(page)).rows.length} Treffer`, "Kazoo"]);
    assert.equal(await inTree(page, (tree) => tree.querySelector("[part=trigger-label]").textContent), "Suche");
    assert.ok(!site.asked.includes("/missing.msgpack"));
  });
});

test("texts are shown as they are, and addresses that would run code are left out", async () => {
  await onPage("", async (page) => {
    await ask(page, "kazoo");
    const [text, images] = await inTree(page, (tree) => [tree.querySelector(".snippet").textContent, tree.querySelectorAll("img").length]);
    assert.match(text, /<img src=x onerror=alert\(1\)> kazoo hums/);
    assert.equal(images, 0);
  });
  await onPage("", async (page) => {
    const code = ["javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "JAVASCRIPT:alert(1)"];
    await handOver(page, ["guide/here.html#there", ...code, "data:text/html,x", "blob:x", "file:///x"]);
    await page.evaluate(() => document.querySelector("skillmesh-search").open("x"));
    await until(page, "results");
    assert.deepEqual((await seen(page)).rows, [`${site.origin}/guide/here.html#there`]);
  });
});

test("the page's own trigger and footer take their places", async () => {
  const inner = '<button slot="trigger" id="mine">Find</button><a slot="footer" href="/help">Help</a>';
  await onPage(`inner=${encodeURIComponent(inner)}`, async (page) => {
    await page.click("#mine");
    assert.equal((await seen(page)).open, true);
    assert.ok(await page.getByRole("link", { name: "Help" }).isVisible());
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.id), "mine");
  });
});

test("a tap or click beside the dialog closes it, and does nothing else", async () => {
  await onPage("", async (page) => {
    await page.evaluate(() => {
      const link = Object.assign(document.createElement("a"), { href: "#went", textContent: "beneath" });
      link.style.cssText = "position: fixed; inset: auto auto 20px 10px; padding: 30px";
      document.body.append(link);
    });
    for (const press of [() => page.touchscreen.tap(50, 715), () => page.mouse.click(50, 715)]) {
      await inTree(page, (tree) => tree.querySelector("button").focus());
      await page.keyboard.press("Enter");
      await press();
      await page.waitForTimeout(200);
      const focused = await inTree(page, (tree) => tree.activeElement?.getAttribute("part"));
      assert.deepEqual([(await seen(page)).open, new URL(page.url()).hash, focused], [false, "", "trigger"]);
    }
    await open(page, "drawn from the field");
    const { x, y } = await inTree(page, (tree) => tree.querySelector("input").getBoundingClientRect());
    await page.mouse.move(x + 50, y + 10);
    await page.mouse.down();
    await page.mouse.move(20, 700);
    await page.mouse.up();
    assert.equal((await seen(page)).open, true, "what began in the field does not close");
  }, { viewport: { width: 1024, height: 768 }, hasTouch: true });
});

test("Enter means what is in the field, also before that is answered", async () => {
  await onPage("", async (page) => {
    await ask(page, "snapshot");
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("kazoo");
    await page.keyboard.press("Enter");
    await page.waitForURL(/markup/);
  });
  const letGo = site.hold("/docs.msgpack");
  await onPage("", async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.insertText("kazoo");
    await page.keyboard.press("Enter");
    assert.equal((await seen(page)).view, "loading");
    letGo();
    await page.waitForURL(/markup/);
  });
  await onPage("", async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.insertText("kazoo");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(700);
    assert.match(page.url(), /try/, "closing takes it back");
  });
});

test("keys of compositions, of what browsers fill in, and held ones do no harm", async () => {
  await onPage("", async (page) => {
    const press = (selector, init) => page.evaluate(([selector, init]) => {
      const node = document.querySelector(selector) ?? globalThis.tree().querySelector(selector);
      node.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...init }));
    }, [selector, init]);
    await page.evaluate(() => document.querySelector("#field").dispatchEvent(new Event("keydown", { bubbles: true })));
    for (const repeat of [false, true, true]) await press("h1", { key: "k", ctrlKey: true, repeat });
    assert.equal((await seen(page)).open, true);
    await page.keyboard.type("snapshot");
    await until(page, "results");
    for (const composing of [{ isComposing: true }, { keyCode: 229 }]) await press("[part=input]", { key: "Enter", ...composing });
    await page.waitForTimeout(100);
    assert.deepEqual([(await seen(page)).open, new URL(page.url()).pathname], [true, "/try"]);
  });
});

test("what is wrong stays on the screen until it is tried again", async () => {
  site.failing.add("/docs.msgpack");
  await onPage("", async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("snapshot");
    await until(page, "error");
    site.failing.clear();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("kazoo");
    assert.equal((await seen(page)).view, "error");
    await page.keyboard.press("Enter");
    await until(page, "results");
    assert.deepEqual((await seen(page)).pages, ["Kazoo"]);
  });
});

test("an answer that breaks leaves what keywords found", async () => {
  await onPage(WITH_MODEL, async (page) => {
    await handOver(page, ["one.html"], "embedding: out of memory");
    const told = page.evaluate(() => new Promise((told) => addEventListener("skillmesh-error", told)).then(({ detail }) => detail.error.message));
    await open(page, "x");
    assert.equal(await told, "embedding: out of memory");
    await noted(page, "Failed");
    const { view, pages } = await seen(page);
    assert.deepEqual([view, pages], ["results", ["Page 0"]]);
    await page.waitForTimeout(700);
    assert.equal((await seen(page)).status, "1 result Keywords only: meaning could not be used", "both are spoken");
  });
});

test("attributes that say nothing usable are told to the console, and the default counts", async () => {
  await onPage("", async (page) => {
    const said = complaints(page);
    const labels = '{"count": "{count} Treffer", "triger": "x", "trigger": "Suche"}';
    await set(page, { limit: "2.5", base: "http://", labels, model: "", lang: "zh-cmn-Hans" });
    await ask(page, "snapshot");
    await page.waitForTimeout(700);
    const { view, status, note, rows } = await seen(page);
    assert.deepEqual([view, status, note], ["results", `${rows.length} results`, ""]);
    assert.ok(!site.asked.includes("/skillmesh/wasm/skillmesh_embed_bg.wasm"));
    assert.equal(await inTree(page, (tree) => tree.querySelector("[part=trigger-label]").textContent), "Suche");
    for (const name of ["limit", "base", "labels: count", "labels: triger"]) {
      assert.equal(said.filter((line) => line.startsWith(`skillmesh-search: ${name}: expected`)).length, 1, `${name} in ${said}`);
    }
  });
  await onPage("snapshot=", async (page) => {
    await open(page, "snapshot");
    await until(page, "error");
    assert.equal((await seen(page)).hint, "the attribute `snapshot` is missing");
  });
});

test("counts are said in the language of their words", async () => {
  const { WORDS, counted } = await import("./node_modules/skillmesh/widget/words.js");
  assert.equal(counted(WORDS.count, 1, "ja"), "1 result", "English words on a page in another language");
  const polish = { one: "{count} wynik", few: "{count} wyniki", other: "{count} wyników" };
  assert.deepEqual([1, 2, 5].map((count) => counted(polish, count, "pl")), ["1 wynik", "2 wyniki", "5 wyników"]);
  for (const lang of ["zh-cmn-Hans", "en-GB-oed", "", "x", undefined]) assert.match(counted(polish, 5, lang), /^5 /);
});

test("a model that failed once is tried again when the dialog opens again", async () => {
  site.failing.add("/model.msgpack");
  await onPage(WITH_MODEL, async (page) => {
    await ask(page, "snapshot");
    await noted(page, "Failed");
    site.failing.clear();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await noted(page, "Ready");
  });
});

test("meaning waits until typing rests, keywords do not", async () => {
  await onPage(WITH_MODEL, async (page) => {
    await ask(page, "snapshot");
    await noted(page, "Ready");
    await page.evaluate(() => {
      const docs = document.querySelector("skillmesh-search").search;
      const search = docs.search.bind(docs);
      window.asked = [];
      docs.search = (query, options) => (query !== "snapshot" && asked.push([query, options.mode]), search(query, options));
    });
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    const later = async (milliseconds) => {
      await page.clock.runFor(milliseconds);
      await page.evaluate(() => fetch("/site.css")); // what was asked is answered before this
    };
    await page.keyboard.press("Control+a");
    for (const key of "who") {
      await page.keyboard.press(key);
      await later(80);
    }
    const words = [["w", "sparse"], ["wh", "sparse"], ["who", "sparse"]];
    assert.deepEqual(await page.evaluate(() => asked), words);
    await later(200);
    assert.deepEqual(await page.evaluate(() => asked), [...words, ["who", "auto"]]);
  });
});

test("/ belongs to whoever may be typing, in whatever way", async () => {
  await onPage("", async (page) => {
    const opened = async (make) => {
      await page.evaluate(`(${make})(document.body)`);
      await page.keyboard.press("/");
      const { open } = await seen(page);
      await page.keyboard.press("Escape");
      await page.evaluate(() => document.body.lastElementChild.remove());
      return open;
    };
    assert.equal(await opened((body) => {
      const host = body.appendChild(document.createElement("div"));
      host.attachShadow({ mode: "closed" }).appendChild(document.createElement("input")).focus();
    }), false, "a field in a closed tree");
    assert.equal(await opened((body) => {
      const editor = Object.assign(body.appendChild(document.createElement("div")), { tabIndex: 0, role: "textbox" });
      editor.focus();
    }), false, "an editor that has only its role");
    assert.equal(await opened((body) => {
      Object.assign(body.appendChild(document.createElement("input")), { type: "checkbox" }).focus();
    }), true, "nobody types into a check box");
  });
});

test("the page behind is held as long as a dialog is open, and events tell the order", async () => {
  await onPage("twice=1", async (page) => {
    const found = await page.evaluate(async () => {
      const [one, other] = document.querySelectorAll("skillmesh-search");
      const settle = () => new Promise((done) => setTimeout(done, 100));
      const told = [];
      for (const name of ["open", "close"]) addEventListener(`skillmesh-${name}`, () => told.push(name));
      one.open();
      one.close();
      one.open();
      await settle();
      const again = [told.join(), document.adoptedStyleSheets.length];
      other.open();
      one.close();
      await settle();
      const held = getComputedStyle(document.documentElement).overflowY;
      other.close();
      return [...again, held, document.adoptedStyleSheets.length];
    });
    assert.deepEqual(found, ["open,close,open", 1, "hidden", 0]);
  });
});

test("addresses are relative to `base`, else to the snapshot, else to the site", async () => {
  const found = async (query, own) => {
    let row;
    await onPage(query, async (page) => {
      await page.evaluate(() => history.pushState(null, "", "/guide/nested/try"));
      if (own) await handOver(page, ["guide/one.html"]);
      await open(page, "kazoo");
      await until(page, "results");
      const path = await inTree(page, (tree) => tree.querySelector(".path").textContent);
      row = [new URL((await seen(page)).rows[0]).pathname, path];
    });
    return row;
  };
  assert.deepEqual(await found("snapshot=", true), ["/guide/one.html", "guide › one"]);
  assert.deepEqual(await found("base=/project", false), ["/project/markup.html", "markup"]);
  assert.deepEqual(await found("base=/project/", false), ["/project/markup.html", "markup"]);
  assert.deepEqual(await found("snapshot=/docs.msgpack", false), ["/markup.html", "markup"]);
});

test("a DocSearch that was freed says so", async () => {
  await onPage("", async (page) => {
    await page.evaluate(async () => {
      const { DocSearch } = await import("/skillmesh/browser.js");
      const docs = await DocSearch.load("/docs.msgpack");
      document.querySelector("skillmesh-search").search = docs;
      docs.free();
    });
    await open(page, "snapshot");
    await until(page, "error");
    assert.match((await seen(page)).hint, /was freed; load it again/);
  });
});

test("other words take their places while somebody searches", async () => {
  await onPage(WITH_MODEL, async (page) => {
    await ask(page, "snapshot");
    await noted(page, "Ready");
    await page.waitForTimeout(600);
    const before = await seen(page);
    await set(page, { labels: '{"meaningReady": "Beides", "close": "Zu", "none": "Nichts zu {query}"}', placeholder: "Suchwort", shortcuts: "off" });
    const { note, ...after } = await seen(page);
    assert.deepEqual({ ...after, note: before.note }, before);
    assert.equal(note, "Beides");
    const named = await inTree(page, (tree) => [
      tree.querySelector("[part=close]").textContent, tree.querySelector("input").placeholder, tree.querySelector("dialog").ariaLabel,
      tree.querySelector("[part=shortcut]").hidden,
    ]);
    assert.deepEqual(named, ["Esc Zu", "Suchwort", "Suchwort", true]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    assert.equal((await seen(page)).open, false, "and no key opens it any more");
  });
});

test("a link may be the trigger, for pages without scripts", async () => {
  const inner = '<a slot="trigger" id="mine" href="/guide/documents.html">Find</a>';
  await onPage(`inner=${encodeURIComponent(inner)}`, async (page) => {
    await page.click("#mine");
    await page.waitForTimeout(200);
    assert.deepEqual([(await seen(page)).open, new URL(page.url()).pathname], [true, "/try"]);
    await page.keyboard.press("Escape");
    const [tab] = await Promise.all([page.context().waitForEvent("page"), page.click("#mine", { modifiers: ["Control"] })]);
    await tab.waitForURL(/documents/);
  });
});

test("the element may be taken away, put back, and moved to another document", async () => {
  await onPage("", async (page) => {
    await open(page, "snapshot");
    await until(page, "results");
    const found = await page.evaluate(async () => {
      const element = document.querySelector("skillmesh-search");
      const told = [];
      addEventListener("skillmesh-close", () => told.push("close"));
      element.addEventListener("skillmesh-close", () => told.push("close"));
      element.remove();
      element.open();
      const away = [told.length, document.adoptedStyleSheets.length, element.shadowRoot.querySelector("dialog").open];
      document.body.append(element);
      element.open();
      const back = element.shadowRoot.querySelectorAll("[role=option]").length > 0;
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.contentDocument.body.append(element);
      element.open("kazoo");
      const sheets = [frame.contentDocument, document].map((one) => one.adoptedStyleSheets.length);
      return [...away, back, element.shadowRoot.adoptedStyleSheets.length, ...sheets, getComputedStyle(element).display];
    });
    assert.deepEqual(found, [1, 0, false, true, 1, 1, 0, "inline-block"]);
  });
});

test("the first element of the page takes the shortcut, whichever came first", async () => {
  await onPage("twice=1", async (page) => {
    await page.evaluate(() => document.querySelector("header").prepend(document.querySelectorAll("skillmesh-search")[1]));
    await page.keyboard.press("/");
    const opened = await page.evaluate(() => {
      const elements = [...document.querySelectorAll("skillmesh-search")];
      return elements.map((one) => one.shadowRoot.querySelector("dialog").open);
    });
    assert.deepEqual(opened, [true, false]);
  });
});

test("attributes reach the search, and those who save data are spared the model", async () => {
  await onPage(`${WITH_MODEL}&limit=2&skills=people_team,%20legal`, async (page) => {
    await page.evaluate(() => Object.defineProperty(navigator.connection, "saveData", { value: true }));
    await handOver(page, ["one.html"]);
    await open(page, "x");
    await until(page, "results");
    const { limit, skills, mode } = await page.evaluate(() => ({ ...window.options, onError: null }));
    assert.deepEqual([limit, skills, mode, (await seen(page)).note], [2, ["people_team", "legal"], "sparse", ""]);
  });
  await onPage(`${WITH_MODEL}&limit=2`, async (page) => {
    await page.evaluate(() => Object.defineProperty(navigator.connection, "saveData", { value: true }));
    await ask(page, "snapshot");
    assert.equal((await seen(page)).pages.length, 2);
    await page.waitForTimeout(300);
    assert.ok(!site.asked.some((path) => /model|embed_bg/.test(path)));
  });
});

test("another snapshot answers at once, also while somebody searches", async () => {
  await onPage("", async (page) => {
    await ask(page, "snapshot");
    await set(page, { snapshot: "/missing.msgpack" });
    await until(page, "error");
    await set(page, { snapshot: "/docs.msgpack?again" });
    await until(page, "results");
    assert.equal((await seen(page)).query, "snapshot");
  });
});

test("what a scrolled list has shown does not move when meaning comes", async () => {
  let shown;
  const { before, after } = await lateMeaning(differs, async (page) => {
    shown = await inTree(page, (tree) => {
      const body = tree.querySelector("[part=body]");
      body.scrollTop = 60;
      const { bottom } = body.getBoundingClientRect();
      return [...tree.querySelectorAll("[role=group]")].filter((group) => group.getBoundingClientRect().top < bottom).length;
    });
  });
  assert.ok(shown > 2);
  assert.deepEqual(after.pages.slice(0, shown), before.pages.slice(0, shown));
});

test("a pointer at rest chooses nothing, one that moves does", async () => {
  await onPage("", async (page) => {
    await page.mouse.move(640, 350);
    await ask(page, "snapshot");
    const chosen = () => inTree(page, (tree) => [...tree.querySelectorAll("[role=option]")].findIndex((row) => row.ariaSelected === "true"));
    const best = await chosen();
    await page.mouse.wheel(0, 80);
    await page.waitForTimeout(200);
    assert.equal(await chosen(), best);
    const { x, y } = await inTree(page, (tree) => tree.querySelectorAll("[role=option]")[3].getBoundingClientRect());
    for (const further of [10, 20]) await page.mouse.move(x + further, y + 8);
    assert.equal(await chosen(), 3);
  });
});

test("where a page is, is said for people", async () => {
  globalThis.location ??= new URL("https://docs.example/");
  const { crumbs } = await import("./node_modules/skillmesh/widget/results.js");
  const said = (url) => crumbs(new URL(url), new URL("https://docs.example/project/"));
  assert.equal(said("https://docs.example/project/guide/first%20steps.html#a"), "guide › first steps");
  assert.equal(said("https://docs.example/project/guide/index.html"), "guide");
  assert.equal(said("https://docs.example/elsewhere/100%.md"), "elsewhere › 100%");
  assert.equal(said("https://other.example/a/"), "other.example › a");
});

test("an on-screen keyboard leaves the end of the list to be seen", async () => {
  await onPage("", async (page) => {
    await ask(page, "snapshot");
    await page.evaluate(() => {
      Object.defineProperty(visualViewport, "height", { value: 400 });
      visualViewport.dispatchEvent(new Event("resize"));
    });
    assert.equal(await inTree(page, (tree) => tree.querySelector("dialog").getBoundingClientRect().height), 400);
  }, { viewport: { width: 390, height: 844 } });
});

test("the recipe for VitePress leaves other sites to the browser", () => {
  const [recipe] = /function followInPage[^]*?\n}/.exec(readFileSync(`${root}docs/widget.md`, "utf8"));
  const follow = new Function("location", `return ${recipe}`)(new URL("https://docs.example/guide"));
  const followed = (url, newTab = false) => {
    let went = null;
    follow({ detail: { url, newTab }, preventDefault() {} }, { go: (to) => (went = to) });
    return went;
  };
  assert.equal(followed("https://docs.example/a#b"), "https://docs.example/a#b");
  assert.deepEqual([followed("https://other.example/a"), followed("https://docs.example/a", true)], [null, null]);
});

test("the package says that there is a search box", () => {
  assert.match(readFileSync(new URL("./node_modules/skillmesh/README.md", import.meta.url), "utf8"), /skillmesh\/widget/);
});

test("the element may be imported where there is no page", async () => {
  const { SkillMeshSearch } = await import("skillmesh/widget");
  assert.equal(typeof SkillMeshSearch, "function");
});

test("the element is small", (context) => {
  const folder = new URL("./node_modules/skillmesh/", import.meta.url);
  const later = ["engine.js", "list.js", "results.js", "settle.js"]; // when somebody wants to search
  const names = readdirSync(new URL("widget/", folder)).filter((name) => !later.includes(name)).map((name) => `widget/${name}`);
  const all = ["widget.js", ...names].map((name) => readFileSync(new URL(name, folder)));
  const size = gzipSync(Buffer.concat(all), { level: 9 }).length;
  context.diagnostic(`what is loaded before anybody wants to search: ${size} bytes gzip, with its comments`);
  assert.ok(size <= 14_000);
  assert.ok(Math.abs(size / sizes.widget - 1) <= 0.01, `${size} bytes; update sizes.json with the cause`);
});
