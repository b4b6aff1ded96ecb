// How is the example extension built, loaded and driven in a real Chromium?
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--enable-unsafe-extension-debugging", // lets a test press the extension's button
];

/** The extension as `npm run build` makes it of a copy of the example, with the packed package. */
async function built(folder) {
  const example = join(folder, "extension");
  await cp(here("../../examples/browser-extension"), example, { recursive: true, filter: (path) => !/(node_modules|dist)$/.test(path) });
  await symlink(here("node_modules"), join(example, "node_modules"));
  execFileSync("npm", ["run", "build", "--silent", "--", process.env.SKILLMESH_SNAPSHOT], { cwd: example });
  return realpath(join(example, "dist"));
}

/** A browser with the extension, and a page of the web. */
export async function openExtension(page) {
  const folder = await mkdtemp(join(tmpdir(), "skillmesh-extension-"));
  const dist = await built(folder);
  const load = [`--disable-extensions-except=${dist}`, `--load-extension=${dist}`];
  const context = await chromium.launchPersistentContext(join(folder, "profile"), { executablePath, channel: "chromium", args: [...flags, ...load] });
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(page)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  const origin = worker.url().replace("/background.js", "");
  const close = async () => {
    await context.close();
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { context, dist, origin, web: `http://127.0.0.1:${server.address().port}/`, close };
}

/** The popup that hangs on the extension's button, which is no page to playwright: what it evaluates, by a session of its own. */
export async function openedPopup(context) {
  const browser = await context.browser().newBrowserCDPSession();
  const popup = await eventually(async () => {
    const { targetInfos } = await browser.send("Target.getTargets");
    return targetInfos.find(({ type, url }) => type === "page" && url.endsWith("/popup.html"));
  });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId: popup.targetId });
  let calls = 0;
  const send = (method, params) => new Promise((resolve) => {
    const id = ++calls;
    const heard = ({ message }) => {
      const answer = JSON.parse(message);
      if (answer.id === id) (browser.off("Target.receivedMessageFromTarget", heard), resolve(answer.result));
    };
    browser.on("Target.receivedMessageFromTarget", heard);
    browser.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) });
  });
  const evaluate = async (expression) => (await send("Runtime.evaluate", { expression, returnByValue: true })).result.value;
  const close = () => browser.send("Target.closeTarget", { targetId: popup.targetId });
  return { evaluate, send, close };
}

/** What `step` gives, as soon as it gives something. */
export async function eventually(step) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await step();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${step}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}

/** Presses the extension's button over the tab of a page, which lets the extension read what is selected there. */
export async function pressButton(context, origin, address) {
  const browser = await context.browser().newBrowserCDPSession();
  const { targetInfos } = await browser.send("Target.getTargets", { filter: [{ type: "tab" }] });
  const { targetId } = targetInfos.find(({ url }) => url === address);
  await browser.send("Extensions.triggerAction", { id: new URL(origin).host, targetId });
  return openedPopup(context);
}

/** Ends the extension's worker, as browsers do when it is idle. */
export async function killWorker(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.stopAllWorkers");
  await session.detach();
}
