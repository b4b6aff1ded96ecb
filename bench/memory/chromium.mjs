// How much does a page in Chromium hold? Its own tab tells the heap, the system the process.
import { launch, serve } from "../chromium.mjs";
import { cpu, resident } from "./process.mjs";

const script = `import * as skillmesh from "/node_modules/skillmesh/browser.js";
import { steps } from "/memory/measured.mjs";
globalThis.made = steps(skillmesh, (name) => fetch("/" + name));`;

/** A page of its own in a browser of its own. */
export async function open({ snapshot, model }) {
  const texts = { "/": "<!doctype html><title>SkillMesh</title><script type=module src=/page.js></script>", "/page.js": script };
  const site = await serve(texts, new Map([["/snapshot", snapshot], ["/model", model]]));
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(site.origin);
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
    close: async () => (await browser.close(), site.close()),
  };
}
