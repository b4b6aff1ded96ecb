// An embedder in a page of its own in headless Chromium.
import { launch, serve } from "../chromium.mjs";

const imports = { skillmesh: "/node_modules/skillmesh/browser.js", "onnxruntime-web": "/node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs" };
const page = `<!doctype html><title>Models</title><script type=importmap>${JSON.stringify({ imports })}</script>
<script type=module>import * as steps from "/model/steps.mjs"; globalThis.steps = steps;</script>`;

/** What starts pages; the files that a page is given are fetched before a clock starts. */
export async function browser() {
  const files = new Map();
  const [site, running] = [await serve({ "/": page }, files), await launch()];
  const start = async () => {
    const tab = await (await running.newContext()).newPage();
    await tab.goto(site.origin);
    await tab.waitForFunction(() => globalThis.steps);
    const step = (name, { file, ...given }) => tab.evaluate(async ([name, given, address]) => {
      const bytes = address && new Uint8Array(await (await fetch(address)).arrayBuffer());
      return globalThis.steps[name]({ ...given, bytes });
    }, [name, given, file && address(file)]);
    return { step, close: () => tab.context().close() };
  };
  const address = (file) => (files.set(`/file${file}`, file), `/file${file}`);
  return { start, version: running.version(), end: async () => (await running.close(), site.close()) };
}
