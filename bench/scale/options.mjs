// What was asked of the ladder?
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";

export const USAGE = `node bench/scale.mjs [options]

  --bin FILE        the native program (default: build/skillmesh)
  --cards LIST      how many cards, one size after the other (default: 1000,10000,100000)
  --chunks LIST     how many chunks of documents (default: 100000,1000000)
  --wasm LIST       the sizes of --cards that are opened in Node too (default: all of them)
  --peers LIST      who is asked beside SkillMesh in Node (default: MiniSearch,Orama)
  --cap SECONDS     a peer that takes longer to index is given up (default: 900)
  --queries N       questions of each kind (default: 200)
  --model FILE      a published model, to tell how long it would take (default: left out)
  --embed N         cards that it embeds (default: 200)
  --folder DIR      where several gigabytes may lie for a while (default: the system's folder for such files)
  --json FILE       write every figure there

Exit codes: 0, 1 when SkillMesh or the published model failed or wasm answered differently, 2 when the options are wrong.`;

const text = (fallback) => ({ type: "string", default: fallback });

const known = {
  bin: text("build/skillmesh"), cards: text("1000,10000,100000"), chunks: text("100000,1000000"), wasm: text(), peers: text("MiniSearch,Orama"),
  cap: text("900"), queries: text("200"), model: text(), embed: text("200"), folder: text(tmpdir()), json: text(), help: { type: "boolean" },
};

const named = (list) => list.split(",").filter(Boolean);

function count(said) {
  const value = Number(said);
  if (!Number.isInteger(value) || value < 1) throw new Error(`expected a whole number from 1 on, got \`${said}\``);
  return value;
}

/** The options, or the reason why they cannot be followed, as a thrown error. */
export function readOptions(args) {
  const { cards, chunks, wasm, peers, cap, queries, embed, ...rest } = parseArgs({ args, options: known }).values;
  const sizes = (list) => named(list).map(count);
  const strange = sizes(wasm ?? "").find((size) => !sizes(cards).includes(size));
  if (strange) throw new Error(`--wasm: expected sizes of --cards, got \`${strange}\``);
  return {
    ...rest, cards: sizes(cards), chunks: sizes(chunks), wasm: sizes(wasm ?? cards), peers: named(peers),
    cap: count(cap), queries: count(queries), embed: count(embed),
  };
}
