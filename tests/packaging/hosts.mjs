// Which hosts are there? `tool` is the package whose version is told; `data` is the folder that the snapshot and model are put into;
// `setup` is what an install without scripts left out; `start` runs the project's `npm start` or another script, else its folder `dist` is served; `path` is where a page or an answer is.

const built = (name, more) => ({ name, tool: name, data: "public", see: "page", ...more });
const plain = (name, more) => ({ name, data: "dist", see: "page", ...more });

export const hosts = [
  { name: "node", see: "output" },
  { name: "slim", see: "output" },
  { name: "require", see: "output" },
  { name: "embed", see: "output" },
  { name: "deno", tool: "deno", see: "output" },
  { name: "bun", tool: "bun", see: "output", setup: ["node", "node_modules/bun/install.js"] },
  plain("plain"),
  plain("service-worker"),
  plain("extension", { see: "extension", path: "page.html" }),
  built("vite"),
  built("vite-dev", { project: "vite", tool: "vite", start: ["run", "dev", "--", "--strictPort", "--port"] }),
  built("webpack", { data: "dist" }),
  built("esbuild", { data: "dist" }),
  built("rollup", { data: "dist" }),
  built("react", { tool: "react" }),
  built("svelte"),
  built("next", { start: ["start", "--", "--port"] }),
  built("next-dev", { project: "next", tool: "next", start: ["run", "dev", "--", "--port"] }),
  built("next-edge", { project: "next", tool: "next", start: ["start", "--", "--port"], see: "response", path: "edge" }),
  { name: "workerd", tool: "wrangler", data: "assets", start: ["start", "--", "--port"], see: "response" },
];
