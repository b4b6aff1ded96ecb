// How much faster is a sync than a build? One run on one machine, with vectors; the sources are copied, not touched.
//
//   node bench/sync.mjs --bin build/skillmesh --skills FOLDER [--builds 3] [--json]
//
// Fails where a sync without a change is less than 50 times as fast as a full build, or one after a change to one file less than 20
// times; and where a change embeds nothing, since then the model's work is not in the figure.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { median } from "./stats.mjs";

const ROUNDS = 5;
const LEAST = { unchanged: 50, oneFile: 20 };

const { values: options } = parseArgs({
  options: {
    bin: { type: "string", default: "build/skillmesh" },
    skills: { type: "string" },
    builds: { type: "string", default: "3" },
    json: { type: "boolean" },
  },
});
if (!options.skills) throw new Error("name a folder of skills: --skills FOLDER");

const folder = mkdtempSync(join(tmpdir(), "skillmesh-sync-"));
const [sources, snapshot, before, delta] = ["sources", "kept.msgpack", "before.msgpack", "delta.msgpack"].map((name) =>
  join(folder, name),
);
const kept = [sources, "--snapshot", snapshot, "--json"];

/** What a command printed, and how long it took in milliseconds. */
function run(args) {
  const began = performance.now();
  const { status, stdout, stderr, error } = spawnSync(options.bin, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const milliseconds = performance.now() - began;
  // 2 tells of a broken file among the sources as well, and then there is a report.
  if (error || (status !== 0 && !stdout)) throw error ?? new Error(`${args.join(" ")}: ${stderr}`);
  return { text: stdout, milliseconds };
}

/** The median time of `rounds` commands, each after `prepare`, and the median of the passages that they embedded. */
function timed(args, rounds, least, prepare = () => {}) {
  const runs = Array.from({ length: rounds }, (_, round) => {
    prepare(round);
    const { text, milliseconds } = run(args);
    const { embedded } = JSON.parse(text);
    if (embedded < least) throw new Error(`round ${round}: expected at least ${least} embedded passages, got ${embedded}`);
    return { milliseconds, embedded };
  });
  return { milliseconds: median(runs.map((run) => run.milliseconds)), embedded: median(runs.map((run) => run.embedded)) };
}

/** A skill of several passages whose front matter is plain, and its text. */
function target() {
  const names = JSON.parse(readFileSync(`${snapshot}.sync`, "utf8").split("\n")[1]).places;
  const files = names.map((name) => join(sources, name.slice(name.indexOf("/") + 1)));
  const texts = files.map((file) => ({ file, text: readFileSync(file, "utf8") }));
  return texts.find(({ text }) => /^---\nname: [\w-]+\ndescription: \w[^:\n]*\n/.test(text) && text.length > 6000);
}

try {
  cpSync(options.skills, sources, { recursive: true });
  // Files that are younger than a clock's tick are read at every sync; those of a registry seldom are.
  await setTimeout(3000);
  const builds = Number(options.builds);
  const full = timed(["reindex", ...kept, "--clear"], builds, 1);
  const { total, passages } = JSON.parse(run(["sync", ...kept]).text);
  const unchanged = timed(["sync", ...kept], ROUNDS, 0);
  copyFileSync(snapshot, before);
  const { file, text } = target();
  const oneFile = timed(["sync", ...kept], ROUNDS, 1, (round) =>
    writeFileSync(file, text.replace(/^description: .*/m, `$& Round ${round}.`)),
  );
  run(["diff", before, snapshot, "--out", delta]);
  // Its title is the first heading, or else the name.
  const renamed = timed(["sync", ...kept], ROUNDS, 2, (round) =>
    writeFileSync(file, text.replace(/^name: .*/m, `$&-${round}`).replace(/^# .*/m, `$& ${round}`)),
  );
  const ratio = ({ milliseconds }) => full.milliseconds / milliseconds;
  const figures = {
    machine: `${cpus()[0].model}, ${availableParallelism()} threads`,
    cards: total,
    passages,
    builds,
    full,
    unchanged,
    oneFile,
    renamed,
    ratios: { unchanged: ratio(unchanged), oneFile: ratio(oneFile), renamed: ratio(renamed) },
    bytes: { snapshot: statSync(snapshot).size, delta: statSync(delta).size },
  };
  const line = (what, { milliseconds, embedded }, times) =>
    `${what}: ${(milliseconds / 1000).toFixed(2)} s, ${embedded} passages embedded${times ? `, ${times.toFixed(0)} times as fast` : ""}`;
  const { ratios, bytes } = figures;
  const lines = [
    `${total} cards, ${passages} passages, on ${figures.machine}`,
    line(`full rebuild with vectors (median of ${builds})`, full),
    line("sync without a change", unchanged, ratios.unchanged),
    line("sync after another description of one skill", oneFile, ratios.oneFile),
    line("sync after another title of one skill", renamed, ratios.renamed),
    `delta of the description: ${bytes.delta} bytes instead of ${bytes.snapshot}`,
  ];
  console.log(options.json ? JSON.stringify(figures, null, 2) : lines.join("\n"));
  const slow = Object.keys(LEAST).filter((name) => ratios[name] < LEAST[name]);
  if (slow.length > 0) throw new Error(`too slow: ${slow.join(", ")}`);
} finally {
  rmSync(folder, { recursive: true });
}
