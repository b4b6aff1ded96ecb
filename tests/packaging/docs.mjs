// Do the documents show what was tested? A block that names a file of a project must be that file.
import { readFile } from "node:fs/promises";

const documents = ["../../docs/hosts.md", "../../docs/browser.md"];
const block = /^```\w+ (projects\/\S+)\n([\s\S]*?)^```$/gm;

/** Problems with blocks such as "```js projects/vite/main.js". */
export async function checkDocs() {
  const found = await Promise.all(documents.map(problemsOf));
  return found.flat();
}

async function problemsOf(path) {
  const text = await readFile(new URL(path, import.meta.url), "utf8");
  const shown = [...text.matchAll(block)].map(async ([, name, content]) => {
    const file = await readFile(new URL(name, import.meta.url), "utf8").catch(() => "");
    return file === content ? [] : [`${path}: the block ${name} is not that file`];
  });
  return (await Promise.all(shown)).flat();
}
