// Which hosts are there?
//
// `tool` is the package whose version is told, and `other` another version of it than the project's. `data` is the folder that the
// snapshot and model are put into. `setup` is what an install without scripts left out. `start` are npm's words to start a server,
// before its port, `ready` is what it answers once it runs (default: the snapshot), and `dev` says that nothing is built for it; without
// them the folder `dist` is served. `paths` are where answers are. `folder` is a project that lies elsewhere.

const built = (name, more) => ({ name, tool: name, data: "public", see: "page", ...more });
const plain = (name, more) => ({ name, data: "dist", see: "page", ...more });

const dev = (name, start, more) => built(name, { dev: true, start: ["run", "dev", "--", ...start], ...more });
const viteDev = (version) =>
  dev(`vite-dev-${parseInt(version)}`, ["--strictPort", "--port"], { project: "vite", tool: "vite", other: version });

export const hosts = [
  { name: "node", see: "output" },
  { name: "slim", see: "output" },
  { name: "require", see: "output" },
  { name: "embed", see: "output" },
  { name: "deno", tool: "deno", see: "output" },
  { name: "bun", tool: "bun", see: "output", setup: ["node", "node_modules/bun/install.js"] },
  plain("plain"),
  plain("service-worker"),
  plain("extension", { see: "extension", paths: ["page.html"] }),
  built("vite"),
  ...["8.3.8", "7.3.0", "5.4.21"].map(viteDev),
  built("embed-page", { tool: "vite" }),
  plain("worker-plain"),
  built("worker-vite", { tool: "vite" }),
  dev("worker-vite-dev", ["--strictPort", "--port"], { project: "worker-vite", tool: "vite" }),
  built("worker-webpack", { tool: "webpack", data: "dist" }),
  built("worker-esbuild", { tool: "esbuild", data: "dist" }),
  built("webpack", { data: "dist" }),
  built("esbuild", { data: "dist" }),
  built("rollup", { data: "dist" }),
  built("react", { tool: "react" }),
  built("svelte"),
  built("next", { start: ["start", "--", "--port"] }),
  dev("next-dev", ["--port"], { project: "next", tool: "next" }),
  built("next-edge", { project: "next", tool: "next", start: ["start", "--", "--port"], see: "response", paths: ["edge", "edge-embed"] }),
  { name: "workerd", tool: "wrangler", data: "assets", start: ["start", "--", "--port"], see: "response", paths: ["ask"] },
  { name: "workerd-cache", tool: "wrangler", data: "assets", start: ["start", "--", "--port"], see: "response", paths: ["ask"] },
  {
    name: "cloudflare-worker", folder: "../../examples/cloudflare-worker", tool: "wrangler", data: "assets", see: "worker",
    start: ["start", "--", "--port"], trusting: ["start", "--", "--var", "TRUST_SKILLS_HEADER:yes", "--port"], ready: "retrieve?query=x&mode=sparse",
  },
  { name: "embed-workerd", tool: "wrangler", data: "assets", start: ["start", "--", "--port"], see: "response", paths: ["ask"] },
];
