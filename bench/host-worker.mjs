// What does one engine do in its own thread?
//
// Each engine has a heap of its own: no engine pays for collecting another's garbage, and one that runs out of memory
// takes only its own thread down. Times are taken here, so that messages between threads are not part of them.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { readSkills, repeat } from "./corpus.mjs";
import { engine } from "./engines.mjs";
import { readSaved, writeSaved } from "./saved.mjs";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");
const adapter = await engine(workerData.engine);
let index;
let parts;

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

/** Adds documents one by one, which is the only place where a build can be stopped. */
async function addAll(docs, deadline) {
  for (let i = 0; i < docs.length; i++) {
    if (performance.now() > deadline) return i;
    await adapter.add(index, docs[i]);
  }
  return docs.length;
}

async function build({ skills, times, capSeconds }) {
  const docs = repeat(readSkills(skills), times);
  index = await adapter.create();
  const { ms, value: added } = await timed(() => addAll(docs, performance.now() + capSeconds * 1000));
  return { ms, docs: added, overCap: added < docs.length };
}

async function save({ folder }) {
  writeSaved(folder, await adapter.save(index));
}

function hold({ folder }) {
  parts = readSaved(folder);
}

function release() {
  if (index !== undefined) adapter.free?.(index);
  index = undefined;
  collectGarbage();
}

/** Opens the held parts and asks one question: an engine that opens lazily pays in `answered`. */
async function open({ query }) {
  release();
  const opened = await timed(async () => (index = await adapter.load(parts)));
  const first = await timed(() => adapter.search(index, query, 10));
  return { opened: opened.ms, answered: opened.ms + first.ms, ids: first.value };
}

async function search({ query, k }) {
  const { ms, value } = await timed(() => adapter.search(index, query, k));
  return { ms, hits: value.length, ids: value };
}

const count = () => adapter.count(index);

const commands = { build, save, hold, open, search, count };

async function answer({ command, args }) {
  try {
    return { value: await commands[command](args) };
  } catch (error) {
    return { error: { message: error.message, stack: error.stack } };
  }
}

parentPort.on("message", async (message) => parentPort.postMessage(await answer(message)));
parentPort.postMessage({ value: "ready" });
