// How does a peer index the same cards, and what does it save? In a process of its own.
//
//   node saved-peer.mjs ENGINE CARDS FOLDER SECONDS
//
// Prints JSON: seconds, saved bytes, or that it was over its time.
import { engine } from "../engines.mjs";
import { sizes, writeSaved } from "../saved.mjs";
import { card } from "./texts.mjs";

const [name, count, folder, cap] = process.argv.slice(2);
const adapter = await engine(name);
const index = await adapter.create();
const began = performance.now();
const seconds = () => (performance.now() - began) / 1000;

/** A card's texts in the fields that every engine gets. */
function fields({ id, title, description, tags, examples, tool_hints, instruction_text }) {
  return { id, title, description, body: [...tags, ...examples, ...tool_hints, instruction_text].join("\n") };
}

let added = 0;
for (; added < Number(count) && seconds() < Number(cap); added++) await adapter.add(index, fields(card(added)));
const built = seconds();
if (added < Number(count)) {
  console.log(JSON.stringify({ failed: `only ${added} of ${count} cards within ${cap} s` }));
} else {
  writeSaved(folder, await adapter.save(index));
  console.log(JSON.stringify({ seconds: built, bytes: sizes(folder).raw }));
}
process.exit(0);
