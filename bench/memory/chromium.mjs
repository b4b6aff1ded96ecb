// How much does a page in Chromium hold? Its own tab tells the heap, the system the process.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { chromium } from "playwright-core";
import { cpu, resident } from "./process.mjs";

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const script = `import * as skillmesh from "/node_modules/skillmesh/browser.js";
import { steps } from "/memory/measured.mjs";
globalThis.made = steps(skillmesh, (name) => fetch("/" + name));`;

/** A page of its own in a browser of its own. */
export async function open({ snapshot, model }) {
  const given = { "/": "<!doctype html><title>SkillMesh</title><script type=module src=/page.js></script>", "/page.js": script };
  const files = { "/snapshot": snapshot, "/model": model };
  const server = createServer(async ({ url }, response) => {
    const body = given[url] ?? (await readFile(files[url] ?? new URL(`..${url}`, import.meta.url)).catch(() => null));
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(url)] ?? "text/html" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.made);
  const [own, all] = [await page.context().newCDPSession(page), await browser.newBrowserCDPSession()];
  /** The sum over the processes that show pages, of which one may wait for the next page. */
  const sum = async (of) => {
    const { processInfo } = await all.send("SystemInfo.getProcessInfo");
    const found = await Promise.all(processInfo.filter(({ type }) => type === "renderer").map(({ id }) => of(id)));
    return found.reduce((total, one) => total + one, 0);
  };
  return {
    step: (step, given) => page.evaluate(([step, given]) => globalThis.made[step](given), [step, given]),
    heap: async () => (await own.send("HeapProfiler.collectGarbage"), own.send("Runtime.getHeapUsage")),
    resident: () => sum(resident),
    cpu: () => sum(cpu),
    version: browser.version(),
    close: async () => (await browser.close(), server.close()),
  };
}
