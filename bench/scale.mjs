// In memory, how far? Snapshots of up to 100,000 cards and a million chunks of documents: what building, opening and asking them costs natively and
// in wasm, and what indexes in JavaScript cost beside it.
//
//   node bench/scale.mjs --bin build/skillmesh [--cards 1000,10000,100000] [--chunks 100000,1000000] [--model minilm.msgpack] [--json FILE]
//
// `--help` names every option. The texts are made here, from numbers; vectors come from a small made model of the usual 384 dimensions, because a
// published one would take hours. Linux only (`/proc`).
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { measured } from "./command.mjs";
import { OURS } from "./engines.mjs";
import { environment } from "./environment.mjs";
import { MAX_TOKENS, writeModel } from "./scale/model.mjs";
import { MODES, asked, built, writeCards, writeDocuments } from "./scale/native.mjs";
import { USAGE, readOptions } from "./scale/options.mjs";
import { render } from "./scale/report.mjs";
import { queries } from "./scale/texts.mjs";

const HEAP_MB = 8000;
const MADE = `Texts are made, of words that are in no language; their vectors come from a made model of one layer that reads ${MAX_TOKENS} tokens.`;

const options = optionsOrUsage();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}

const folder = mkdtempSync(join(options.folder, "skillmesh-scale-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
const [pack, questions] = [join(folder, "made.msgpack"), join(folder, "queries.json")];
const texts = queries(options.queries);
const note = (line) => console.error(line);

function optionsOrUsage() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function made() {
  writeModel(join(folder, "model"));
  await measured(options.bin, ["model", "import", join(folder, "model"), "--name", "made", "--out", pack]);
  writeFileSync(questions, JSON.stringify(texts));
}

/** What a script of ours printed in a process of its own; a failure is a figure too. */
async function apart(script, args, ...flags) {
  const path = fileURLToPath(new URL(`./scale/${script}`, import.meta.url));
  try {
    const all = [`--max-old-space-size=${HEAP_MB}`, "--expose-gc", ...flags, path, ...args.map(String)];
    return JSON.parse((await promisify(execFile)(process.execPath, all, { maxBuffer: 1 << 28 })).stdout);
  } catch (error) {
    return { failed: reason(error) };
  }
}

function reason({ stderr, message, signal }) {
  const said = /(?:\w*Error|FATAL ERROR): .*/.exec(stderr ?? "")?.[0] ?? message.split("\n")[0];
  return signal ? `${said} (${signal})` : said;
}

async function peer(name, size) {
  const saved = join(folder, name);
  const index = await apart("saved-peer.mjs", [name, size, saved, options.cap]);
  const opened = index.failed ? {} : await apart("opened.mjs", [name, saved, questions]);
  rmSync(saved, { recursive: true, force: true });
  return { name, ...index, ...opened };
}

/** Both snapshots of the same texts, without vectors and with. */
async function snapshots(command, sources) {
  const files = { keywords: join(folder, "keywords.msgpack"), dense: join(folder, "dense.msgpack") };
  const keywords = await built(options.bin, command, sources, files.keywords);
  return { files, keywords, dense: await built(options.bin, command, sources, files.dense, pack) };
}

/** How many questions got the same ids in the same order from both. */
function compared(native, wasm) {
  const pairs = MODES.flatMap((mode) => wasm.modes[mode].ids.map((ids, at) => [ids, native.modes[mode].ids[at]])).filter(([, other]) => other);
  return { asked: pairs.length, equal: pairs.filter(([one, other]) => one.join() === other.join()).length };
}

async function cards(size) {
  note(`${size} cards`);
  const sources = writeCards(join(folder, "cards"), size);
  const { files, ...row } = await snapshots("build", sources);
  rmSync(join(folder, "cards"), { recursive: true });
  row.native = await asked(options.bin, ["--snapshot", files.dense], pack, texts, folder);
  if (!options.wasm.includes(size)) return row;
  row.wasm = await apart("opened.mjs", [OURS, files.dense, questions, pack]);
  row.wasmKeywords = await apart("opened.mjs", [OURS, files.keywords, questions]);
  if (!row.wasm.failed) row.same = compared(row.native, row.wasm);
  row.peers = [];
  for (const name of options.peers) row.peers.push(await peer(name, size));
  return row;
}

/** Documents are served beside cards, of which there are few. */
async function chunks(size) {
  note(`${size} chunks`);
  const [few] = writeCards(join(folder, "few"), 100);
  const skills = join(folder, "few.msgpack");
  await built(options.bin, "build", [few], skills, pack);
  const sources = writeDocuments(join(folder, "documents"), size);
  const { files, ...row } = await snapshots("ingest", sources);
  rmSync(join(folder, "documents"), { recursive: true });
  row.native = await asked(options.bin, ["--snapshot", skills, "--docs", files.dense], pack, texts, folder);
  return row;
}

/** A size that fails is told, and the next one is tried. */
async function step(kind, size, work) {
  try {
    return { kind, size, ...(await work(size)) };
  } catch (error) {
    return { kind, size, failed: reason(error) };
  }
}

/** How fast a published model embeds the same texts, and how long it takes for a question: what is more than by the made one. */
async function published() {
  const sources = writeCards(join(folder, "cards"), options.embed);
  const [out, few] = [join(folder, "published.msgpack"), texts.slice(0, 50)];
  const keywords = await built(options.bin, "build", sources, out);
  const dense = await built(options.bin, "build", sources, out, options.model);
  const slow = await asked(options.bin, ["--snapshot", out], options.model, few, folder);
  await built(options.bin, "build", sources, out, pack);
  const quick = await asked(options.bin, ["--snapshot", out], pack, few, folder);
  const query = slow.modes.dense.p50 - quick.modes.dense.p50;
  return { name: options.model.split("/").at(-1), passages: dense.vectors, rate: dense.vectors / (dense.seconds - keywords.seconds), query };
}

/** Ids are compared, not told. */
const untold = (key, value) => (key === "ids" ? undefined : value);

const before = loadavg()[0];
await made();
const model = options.model && (await step("cards by a published model", options.embed, published));
const rows = [];
for (const size of options.cards) rows.push(await step("cards", size, cards));
for (const size of options.chunks) rows.push(await step("chunks", size, chunks));
const figures = { environment: environment(["skillmesh", ...packages()]), load: [before, loadavg()[0]], rows, model, made: MADE };
console.log(render(figures));
if (options.json) writeFileSync(options.json, JSON.stringify(figures, untold, 1));
const wrong = ({ failed, wasm, wasmKeywords, same }) => failed || wasm?.failed || wasmKeywords?.failed || (same && same.equal < same.asked);
process.exitCode = rows.some(wrong) || model?.failed ? 1 : 0;

function packages() {
  return options.peers.map((name) => ({ Orama: "@orama/orama" })[name] ?? name.toLowerCase());
}
