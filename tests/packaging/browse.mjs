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

async function answered(tab, address, picture) {
  const [problems, loading] = [[], []];
  tab.on("pageerror", (error) => problems.push(error.message));
  tab.on("console", (message) => isProblem(message) && problems.push(`${message.text()} ${message.location().url}`));
  tab.context().on("response", (response) => loading.push(weighed(response)));
  try {
    await tab.goto(address);
    await tab.waitForFunction(() => globalThis.answers, null, { timeout: 60_000 });
  } catch (error) {
    throw new Error(`${error.message}\n${problems.join("\n")}`);
  } finally {
    await tab.screenshot({ path: picture, fullPage: true }).catch(() => {});
  }
  const version = await tab.evaluate(() => navigator.userAgent.match(/Chrome\/([\d.]+)/)[1]);
  return { version, answers: await tab.evaluate(() => globalThis.answers), problems, ...sum(await Promise.all(loading)) };
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
