// How long does the first load take in a process that has never loaded the engine?
//
// Run as `node cold.mjs ENGINE FOLDER QUERY`, or `node cold.mjs embedder NAME FILE TEXT`. Importing the JavaScript and
// reading the files come before the clock starts; compiling WebAssembly comes after.
import { readFileSync } from "node:fs";
import { embedder } from "./embedders.mjs";
import { engine } from "./engines.mjs";
import { readSaved } from "./saved.mjs";

async function clock(load, use) {
  const start = performance.now();
  const loaded = await load();
  const opened = performance.now() - start;
  await use(loaded);
  return { opened, answered: performance.now() - start };
}

async function coldEngine(name, folder, query) {
  const adapter = await engine(name);
  const parts = readSaved(folder);
  return clock(() => adapter.load(parts), (index) => adapter.search(index, query, 10));
}

async function coldEmbedder(name, file, sample) {
  const adapter = await embedder(name);
  const bytes = new Uint8Array(readFileSync(file));
  return clock(() => adapter.load(bytes), (loaded) => adapter.embed(loaded, JSON.parse(sample)));
}

const [first, ...rest] = process.argv.slice(2);
console.log(JSON.stringify(first === "embedder" ? await coldEmbedder(...rest) : await coldEngine(first, ...rest)));
process.exit(0);
