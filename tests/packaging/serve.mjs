// A static server as strict as servers are: no script but the page's own, and right types.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".css": "text/css" };
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** Serves a folder; gives its address and what ends it. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = request.url === "/" ? "/index.html" : new URL(request.url, "http://host").pathname;
    const body = await readFile(join(folder, path)).catch(() => null);
    const headers = { "content-type": types[extname(path)] ?? "application/octet-stream", "content-security-policy": policy };
    body ? response.writeHead(200, headers).end(body) : response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
