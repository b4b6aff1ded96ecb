// What do building, opening and asking cost the native program? It is asked as agents ask it, by the Model Context Protocol over standard input
// and output, so transport and JSON are in the figures: the smallest sizes show how much that is.
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measured, memory } from "../command.mjs";
import { served } from "../served.mjs";
import { asking } from "./asking.mjs";
import { SECTIONS, card, document } from "./texts.mjs";

export const MODES = ["sparse", "dense", "hybrid"];
export const TOP = 3;
/** Cards of one registry: a larger file than 64 MiB is refused. */
const CARDS = 10_000;

/** Registries with so many cards. */
export function writeCards(folder, count) {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: Math.ceil(count / CARDS) }, (_, part) => {
    const file = join(folder, `${part}.json`);
    const cards = Array.from({ length: Math.min(CARDS, count - part * CARDS) }, (_, number) => card(part * CARDS + number));
    writeFileSync(file, JSON.stringify({ tools: cards }));
    return file;
  });
}

/** A folder with documents of so many chunks. */
export function writeDocuments(folder, count) {
  for (let number = 0; number * SECTIONS < count; number++) {
    const part = join(folder, String(Math.floor(number / 1000)));
    if (number % 1000 === 0) mkdirSync(part, { recursive: true });
    writeFileSync(join(part, `${number}.md`), document(number));
  }
  return [folder];
}

/** What it takes to write a snapshot, with the vectors of a model or without. */
export async function built(bin, command, sources, out, model) {
  const { seconds, mebibytes } = await measured(bin, [command, ...sources, "--out", out, ...(model ? ["--model", model] : ["--no-dense"]), "--json"]);
  const { text } = await measured(bin, ["inspect", out, "--json"]);
  const { cards, passages, terms, sections } = JSON.parse(text);
  return { seconds, peak: mebibytes, bytes: statSync(out).size, entries: cards, vectors: passages, terms, sections };
}

/** A server on a snapshot, what it holds when it first answers, and how long each mode takes. */
export async function asked(bin, snapshots, model, queries, scratch) {
  const began = performance.now();
  const server = await served(bin, [...snapshots, "--model", model], join(scratch, "none.duckdb"));
  try {
    const open = { seconds: (performance.now() - began) / 1000, ...memory(server.pid) };
    const ask = asker(server, snapshots.includes("--docs"));
    const modes = {};
    for (const mode of MODES) modes[mode] = await asking(queries, (query) => ask(query, mode));
    return { open, modes, resident: memory(server.pid).now, flights: await flights(queries, (query) => ask(query, "hybrid")) };
  } finally {
    server.end();
  }
}

/** Asks for the ids of the best, and takes no other mode for an answer. */
function asker({ ask }, documents) {
  const [name, most] = documents ? ["search_documents", "limit"] : ["retrieve", "top_k"];
  return async (query, mode) => {
    const { structuredContent: answer } = await ask("tools/call", { name, arguments: { query, mode, [most]: TOP } });
    if (answer.mode !== mode) throw new Error(`asked for ${mode}, got ${answer.mode}`);
    return (answer.hits ?? answer.pages).map(({ id, path }) => id ?? path);
  };
}

/** Questions a second, where one or two are on their way at a time. */
async function flights(queries, ask) {
  const rates = {};
  for (const lanes of [1, 2]) {
    const waiting = queries.slice(0, 100);
    const began = performance.now();
    const count = waiting.length;
    const lane = async () => {
      for (let query; (query = waiting.pop()); ) await ask(query);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    rates[lanes] = (1000 * count) / (performance.now() - began);
  }
  return rates;
}
