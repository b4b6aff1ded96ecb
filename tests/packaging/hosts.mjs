// Which hosts are there?
//
// `tool` is the package whose version is told, and `other` another version of it than the project's. `data` is the folder that the
// snapshot and model are put into. `setup` is what an install without scripts left out. `start` are npm's words to start a server,
// before its port, `ready` is what it answers once it runs (default: the snapshot), and `dev` says that nothing is built for it; without
// them the folder `dist` is served. `paths` are where answers are. `folder` is a project that lies elsewhere. `build` is the script that
// builds, `config` what vite.config.js says, `companion` has the package with the model installed as well, `documents` a snapshot of documents
// put beside the others. `asks` is what is asked, and `parts` which of its answers are looked at. `recovers`: what fails once is asked anew.
// `most` are the bytes of scripts that a search box may load before it is used. `main` is the file of a bundle for Node, which is moved away
// from all else before it runs.

const built = (name, more) => ({ name, tool: name, data: "public", see: "page", ...more });
const plain = (name, more) => ({ name, data: "dist", see: "page", ...more });

const next = (name, more) => built(name, { project: "next", tool: "next", documents: true, start: ["start", "--", "--port"], ...more });
const dev = (name, start, more) => built(name, { dev: true, start: ["run", "dev", "--", ...start], ...more });
const moved = (name, tool, main) => ({ name, tool, main, data: "dist", see: "moved" });
const searched = { documents: true, see: "searchBox", asks: "pages" };
const box = (tool) =>
  built(`widget-${tool}`, { project: "widget", tool, build: `build:${tool}`, data: "dist", most: 40_000, ...searched });
const boxDev = (version) => dev(`widget-vite-dev-${parseInt(version)}`, ["--strictPort", "--port"], {
  project: "widget", tool: "vite", other: version, ...searched,
  config: 'export default { cacheDir: ".cache/vite", optimizeDeps: { exclude: ["skillmesh"] } };\n',
});
const viteDev = (version) =>
  dev(`vite-dev-${parseInt(version)}`, ["--strictPort", "--port"], { project: "vite", tool: "vite", other: version });

export const hosts = [
  { name: "node", see: "output" },
  { name: "slim", see: "output" },
  { name: "require", see: "output" },
  { name: "embed", see: "output" },
  { name: "model", see: "output", companion: true, asks: "minilm" },
  moved("webpack-node", "webpack", "main.mjs"),
  moved("esbuild-node", "esbuild", "main.mjs"),
  moved("esbuild-cjs", "esbuild", "main.cjs"),
  { name: "deno", tool: "deno", see: "output" },
  { name: "bun", tool: "bun", see: "output", setup: ["node", "node_modules/bun/install.js"] },
  plain("plain"),
  plain("service-worker"),
  plain("extension", { see: "extension", paths: ["page.html"] }),
  built("vite"),
  ...["8.3.8", "7.3.0", "5.4.21"].map(viteDev),
  dev("vite-dev-5-cache", ["--strictPort", "--port"], {
    project: "vite", tool: "vite", other: "5.4.21", config: 'export default { cacheDir: "node_modules/.cache/vite" };\n',
  }),
  built("embed-page", { tool: "vite" }),
  built("model-page", { tool: "vite", companion: true, asks: "minilm" }),
  plain("worker-plain"),
  built("worker-vite", { tool: "vite" }),
  dev("worker-vite-dev", ["--strictPort", "--port"], { project: "worker-vite", tool: "vite" }),
  built("worker-webpack", { tool: "webpack", data: "dist" }),
  built("worker-esbuild", { tool: "esbuild", data: "dist" }),
  built("webpack", { data: "dist" }),
  built("esbuild", { data: "dist" }),
  built("rollup", { data: "dist" }),
  ...["vite", "webpack", "esbuild", "rollup"].map(box),
  ...["5.4.21", "8.3.8"].map(boxDev),
  dev("vitepress", ["--strictPort", "--port"], { data: "docs/public", ...searched }),
  built("react", { tool: "react" }),
  built("svelte"),
  next("next", { recovers: true }),
  dev("next-dev", ["--port"], { project: "next", tool: "next", documents: true }),
  next("next-edge", { see: "response", paths: ["edge", "edge-embed"], recovers: true }),
  next("widget-next", { ...searched, paths: ["search"] }),
  { name: "workerd", tool: "wrangler", data: "assets", start: ["start", "--", "--port"], see: "response", paths: ["ask"] },
  { name: "workerd-cache", tool: "wrangler", data: "assets", start: ["start", "--", "--port"], see: "response", paths: ["ask"] },
  {
    name: "cloudflare-worker", folder: "../../examples/cloudflare-worker", tool: "wrangler", data: "assets", see: "worker", parts: ["keyword", "hybrid", "block"],
    start: ["start", "--", "--port"], trusting: ["start", "--", "--var", "TRUST_SKILLS_HEADER:yes", "--port"], ready: "retrieve?query=x&mode=sparse",
  },
  { name: "embed-workerd", tool: "wrangler", data: "assets", start: ["start", "--", "--port"], see: "response", paths: ["ask"] },
];
