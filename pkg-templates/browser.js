// Browsers and bundlers. The worker's address is literal too.
import "./wasm-browser.js";
import { setEnvironment } from "./environment.js";
const worker = (url) => (url ? new Worker(url, { type: "module" }) : new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));
setEnvironment({ worker });
export * from "./exports.js";
