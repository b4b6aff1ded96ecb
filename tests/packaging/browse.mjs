// What does a page in Chromium answer, what did it download for it, and what does it look like?
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];

/** Opens a page and waits for its answers. */
export async function page(address, picture) {
  const browser = await chromium.launch({ executablePath, args });
  try {
    return await answered(await browser.newPage(), address, picture);
  } finally {
    await browser.close();
  }
}

/** Opens a page with a search box and asks it: by keywords, then with the model. Before, `most` bytes of scripts may be there, and no engine. */
export async function searchBox(address, picture, { keyword, hybrid }, most = Infinity) {
  const browser = await chromium.launch({ executablePath, args });
  try {
    const tab = await browser.newPage();
    return await seen(tab, address, picture, () => before(tab, most).then(() => asked(tab, keyword, hybrid)));
  } finally {
    await browser.close();
  }
}

/** What is loaded before anybody wants to search. */
async function before(tab, most) {
  await tab.locator("[part=trigger]").waitFor();
  await tab.waitForLoadState("networkidle").catch(() => {}); // development servers may never rest
  const all = await tab.evaluate(() => performance.getEntriesByType("resource").map(({ name, encodedBodySize }) => ({ name, encodedBodySize })));
  const scripts = all.filter(({ name }) => name.endsWith(".js")).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  if (all.some(({ name }) => name.includes(".wasm"))) throw new Error("the engine was loaded before anybody wanted to search");
  if (scripts > most) throw new Error(`expected at most ${most} bytes of scripts before anybody searches, got ${scripts}: the engine is among them`);
}

async function asked(tab, keyword, hybrid) {
  await tab.evaluate(() => document.querySelector("skillmesh-search").removeAttribute("model"));
  await tab.locator("[part=trigger]").click();
  const answer = { keyword: await found(tab, keyword) };
  await tab.keyboard.press("Escape");
  await tab.evaluate(() => document.querySelector("skillmesh-search").setAttribute("model", "skillmesh-mini"));
  await tab.locator("[part=trigger]").click();
  await tab.locator("[part=note]").filter({ hasText: "Keywords and meaning" }).waitFor();
  return [{ ...answer, hybrid: await found(tab, hybrid) }];
}

/** The pages that a query finds, in the order of the list. */
async function found(tab, query) {
  await tab.locator("[part=input]").fill("");
  await tab.locator("[role=option]").first().waitFor({ state: "detached" });
  await tab.locator("[part=input]").fill(query);
  await tab.locator("[role=option]").first().waitFor();
  const paths = await tab.locator("[role=option]").evaluateAll((rows) => rows.map(({ pathname }) => pathname.slice(1)));
  return [...new Set(paths)];
}

/** Opens a page of an unpacked extension. */
export async function extension(folder, path, picture) {
  const profile = await mkdtemp(join(tmpdir(), "skillmesh-profile-"));
  const load = [`--disable-extensions-except=${folder}`, `--load-extension=${folder}`];
  const context = await chromium.launchPersistentContext(profile, { executablePath, channel: "chromium", args: [...args, ...load] });
  try {
    return await answered(await context.newPage(), `chrome-extension://${extensionId(folder)}/${path}`, picture);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Chromium names an unpacked extension by the hash of its folder, in letters from a to p. */
function extensionId(folder) {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  return [...hash].map((digit) => String.fromCharCode(97 + parseInt(digit, 16))).join("");
}

function answered(tab, address, picture) {
  const told = () => tab.waitForFunction(() => globalThis.answers, null, { timeout: 60_000 });
  return seen(tab, address, picture, () => told().then(() => tab.evaluate(() => globalThis.answers)));
}

/** What `step` answers in a page, and what the page says and loads meanwhile. */
async function seen(tab, address, picture, step) {
  const [problems, loading] = [[], []];
  tab.on("pageerror", (error) => problems.push(error.message));
  tab.on("console", (message) => isProblem(message) && problems.push(`${message.text()} ${message.location().url}`));
  tab.context().on("response", (response) => loading.push(weighed(response)));
  let answers;
  try {
    await tab.goto(address);
    answers = await step();
  } catch (error) {
    throw new Error(`${error.message}\n${problems.join("\n")}`);
  } finally {
    await tab.screenshot({ path: picture, fullPage: true }).catch(() => {});
  }
  const version = await tab.evaluate(() => navigator.userAgent.match(/Chrome\/([\d.]+)/)[1]);
  return { version, answers, problems, ...sum(await Promise.all(loading)) };
}

/** Warnings count, so that a page that only just works is seen; that these projects have no icon does not. */
function isProblem(message) {
  return ["error", "warning"].includes(message.type()) && !message.location().url.endsWith("/favicon.ico");
}

/** The compressed size of scripts and wasm. */
async function weighed(response) {
  const kind = { ".js": "js", ".mjs": "js", ".jsx": "js", ".wasm": "wasm" }[extname(new URL(response.url()).pathname)];
  const body = kind && (await response.body().catch(() => null));
  return body ? { kind, size: gzipSync(body).length } : { kind: "other", size: 0 };
}

function sum(files) {
  const of = (kind) => files.filter((file) => file.kind === kind).reduce((total, file) => total + file.size, 0);
  return { js: of("js"), wasm: of("wasm") };
}
