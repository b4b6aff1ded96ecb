// Is in the package what should be? Every file by name: wasm within two percent of its golden size, the others within a fifth or a kilobyte.
import { readFile, writeFile } from "node:fs/promises";
import { run } from "./process.mjs";

const golden = new URL("./contents.json", import.meta.url);

/** Problems with what `npm pack` puts into the package; with `accept`, what it puts there becomes what it should. */
export async function checkContents(tarball, accept) {
  const found = await packed(tarball);
  if (accept) await writeFile(golden, JSON.stringify(found, null, 2) + "\n");
  const expected = JSON.parse(await readFile(golden));
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  return names.map((name) => problem(name, expected[name], found[name])).filter(Boolean);
}

/** Files by name with their size. */
async function packed(tarball) {
  const lines = (await run(".", "tar", "tvzf", tarball)).trim().split("\n");
  const files = lines.map((line) => line.trim().split(/\s+/)).map((words) => [words[5].replace("package/", ""), Number(words[2])]);
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is wrong with a file of this size, if anything is. */
export function problem(name, expected, found) {
  if (found === undefined) return `${name}: not in the package; expected by contents.json`;
  if (expected === undefined) return `${name}: in the package, not in contents.json`;
  const most = name.endsWith(".wasm") ? 0.02 * expected : Math.max(1000, 0.2 * expected);
  if (Math.abs(found - expected) > most) return `${name}: ${found} bytes, expected ${expected}, ${Math.round(most)} more or less; run.mjs --accept takes it`;
}
