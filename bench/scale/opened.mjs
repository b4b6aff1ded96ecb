// What does opening and asking cost in Node? One engine in a process of its own, which nothing else has touched.
//
//   node --expose-gc opened.mjs ENGINE PATH QUERIES.json [MODEL]
//
// PATH is a snapshot for SkillMesh, and a folder of saved parts for the others. Reading the file comes before the clock starts. Prints JSON.
import { readFileSync } from "node:fs";
import { memory } from "../command.mjs";
import { OURS, engine } from "../engines.mjs";
import { readSaved } from "../saved.mjs";
import { asking } from "./asking.mjs";
import { MODES, TOP } from "./native.mjs";

const [name, path, file, model] = process.argv.slice(2);
const queries = JSON.parse(readFileSync(file, "utf8"));

async function timed(work) {
  const began = performance.now();
  const value = await work();
  return { seconds: (performance.now() - began) / 1000, value };
}

async function ours() {
  const { SkillMesh } = await import("skillmesh");
  let parts = { snapshot: new Uint8Array(readFileSync(path)), model: model && new Uint8Array(readFileSync(model)) };
  const { seconds, value: mesh } = await timed(() => SkillMesh.load(parts.snapshot, { model: parts.model }));
  await mesh.semanticReady;
  parts = undefined;
  const ids = async (query, mode) => {
    const answer = await mesh.retrieve(query, { topK: TOP, mode });
    if (answer.mode !== mode) throw new Error(`asked for ${mode}, got ${answer.mode}`);
    return answer.hits.map((hit) => hit.id);
  };
  return told(seconds, model ? MODES : ["sparse"], ids);
}

async function theirs() {
  const adapter = await engine(name);
  let parts = readSaved(path);
  const { seconds, value: index } = await timed(() => adapter.load(parts));
  parts = undefined;
  return told(seconds, ["sparse"], (query) => adapter.search(index, query, TOP));
}

/** What is held when it is open and garbage is gone, and how long each mode takes. */
async function told(seconds, modes, ask) {
  globalThis.gc();
  const open = { seconds, ...memory(process.pid) };
  const answered = {};
  for (const mode of modes) answered[mode] = await asking(queries, (query) => ask(query, mode));
  return { open, modes: answered, resident: memory(process.pid).now };
}

console.log(JSON.stringify(await (name === OURS ? ours() : theirs())));
process.exit(0);
