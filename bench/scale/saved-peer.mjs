// How does a peer index the same cards, and what does it save? In a process of its own.
//
//   node saved-peer.mjs ENGINE CARDS FOLDER SECONDS
//
// Prints JSON: seconds, saved bytes, or that it was over its time.
import { engine } from "../engines.mjs";
import { writeSaved } from "../saved.mjs";
import { card } from "./texts.mjs";

/** So many cards are made at a time, before the clock goes on. */
const BATCH = 1000;

const [name, folder] = [process.argv[2], process.argv[4]];
const [count, cap] = [process.argv[3], process.argv[5]].map(Number);
const adapter = await engine(name);
const index = await adapter.create();

/** A card's texts in the fields that every engine gets. */
function fields({ id, title, description, tags, examples, tool_hints, instruction_text }) {
  return { id, title, description, body: [...tags, ...examples, ...tool_hints, instruction_text].join("\n") };
}

let [added, seconds] = [0, 0];
while (added < count && seconds < cap) {
  const batch = Array.from({ length: Math.min(BATCH, count - added) }, (_, at) => fields(card(added + at)));
  const began = performance.now();
  for (const one of batch) await adapter.add(index, one);
  seconds += (performance.now() - began) / 1000;
  added += batch.length;
}
if (added < count) {
  console.log(JSON.stringify({ failed: `only ${added} of ${count} cards within ${cap} s` }));
} else {
  const parts = await adapter.save(index);
  writeSaved(folder, parts);
  console.log(JSON.stringify({ seconds, bytes: parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0) }));
}
process.exit(0);
