// How much faster is a sync than a build? One run on one machine, with vectors; the sources are copied, not touched.
//
//   node bench/sync.mjs --bin build/skillmesh --skills FOLDER [--json]
//
// Fails where a sync without a change is less than 50 times as fast as a full build, or one after a change to one file less than 20 times.
import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const ROUNDS = 5;
const LEAST = { unchanged: 50, oneFile: 20 };

const { values: options } = parseArgs({
  options: { bin: { type: "string", default: "build/skillmesh" }, skills: { type: "string" }, json: { type: "boolean" } },
});
if (!options.skills) throw new Error("name a folder of skills: --skills FOLDER");

const folder = mkdtempSync(join(tmpdir(), "skillmesh-sync-"));
const [sources, snapshot, before, delta] = ["sources", "kept.msgpack", "before.msgpack", "delta.msgpack"].map((name) =>
  join(folder, name),
);
const sync = ["sync", sources, "--snapshot", snapshot, "--json"];

/** What a command printed, and how long it took in milliseconds. */
function run(args) {
  const began = performance.now();
  // Exit code 2 tells of a broken file among the sources, whose findings are printed.
  const text = execFileSync(options.bin, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
  return { text, milliseconds: performance.now() - began };
}

/** The median time of a command, each time after `prepare`. */
function median(args, prepare) {
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    prepare(round);
    return run(args).milliseconds;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

try {
  cpSync(options.skills, sources, { recursive: true });
  const full = run(["reindex", ...sync.slice(1), "--clear"]);
  const { total, passages } = JSON.parse(full.text);
  const file = JSON.parse(readFileSync(`${snapshot}.sync`, "utf8").split("\n")[1]).places[0];
  const unchanged = median(sync, () => {});
  copyFileSync(snapshot, before);
  const oneFile = median(sync, (round) => appendFileSync(file, `\nChange ${round}.\n`));
  run(["diff", before, snapshot, "--out", delta]);
  const figures = {
    cards: total,
    passages,
    full: full.milliseconds,
    unchanged,
    oneFile,
    ratios: { unchanged: full.milliseconds / unchanged, oneFile: full.milliseconds / oneFile },
    bytes: { snapshot: statSync(snapshot).size, delta: statSync(delta).size },
  };
  const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
  const { ratios, bytes } = figures;
  const text =
    `${total} cards, ${passages} passages: full build ${seconds(figures.full)}\n` +
    `sync without a change ${seconds(unchanged)}, ${ratios.unchanged.toFixed(0)} times as fast\n` +
    `sync after a change to one file ${seconds(oneFile)}, ${ratios.oneFile.toFixed(0)} times as fast\n` +
    `delta of that change ${bytes.delta} bytes instead of ${bytes.snapshot}`;
  console.log(options.json ? JSON.stringify(figures, null, 2) : text);
  const slow = Object.keys(LEAST).filter((name) => ratios[name] < LEAST[name]);
  if (slow.length > 0) throw new Error(`too slow: ${slow.join(", ")}`);
} finally {
  rmSync(folder, { recursive: true });
}
