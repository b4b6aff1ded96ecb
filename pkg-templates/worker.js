// The worker of `worker: true` in browsers; bundlers make one of it, or of a file of yours that imports it.
import "./wasm-browser.js";
import { serve } from "./serve.js";
addEventListener("message", ({ data }) => data?.skillmesh && serve(data));
