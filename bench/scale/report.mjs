// How does a person read the ladder?
import { DASH, environmentLine, number, table } from "../report.mjs";

/** Fewer vectors than this cost less than the machine's noise. */
const LEAST_MORE = 20_000;

const mega = (bytes) => (bytes === undefined ? DASH : number(bytes / 1e6));
const count = (value) => value.toLocaleString("en");
/** The one that is hardly ever exceeded; of fewer times than this it would be the longest. */
const tail = ({ p99, samples }) => (samples < 100 ? DASH : number(p99));
const found = (asked) => (asked.found ? `${number(asked.p50)} / ${tail(asked)}` : "nothing found");
const both = (asked) => (asked ? found(asked) : DASH);
const modes = ({ sparse, dense, hybrid } = {}) => [sparse, dense, hybrid].map(both);

const entries = ({ kind, dense }) => `${count(dense.entries)} ${kind}`;
const told = (rows) => rows.filter(({ failed }) => !failed);

function builtRow(row) {
  const { keywords, dense } = row;
  const share = (name) => mega(dense.sections[name]);
  return [entries(row), count(dense.vectors), count(dense.terms), mega(dense.bytes), share("vectors"), share("postings"), mega(keywords.bytes),
    number(keywords.seconds), number(dense.seconds), number(keywords.peak), number(dense.peak)];
}

const BUILT_HEADER = ["", "vectors", "terms", "MB", "of them vectors", "postings", "MB without vectors", "built s, keywords", "with vectors",
  "peak MiB, keywords", "with vectors"];
const ASKED_HEADER = ["", "vectors", "open s", "MiB open", "after questions", "at most", "keywords ms p50 / p99", "meaning", "both"];
const LANES_HEADER = ["answers a second, one at a time", "two"];

function nativeRow(row) {
  const { open, modes: asked, resident, flights } = row.native;
  return [entries(row), count(row.dense.vectors), number(open.seconds), number(open.now), number(resident), number(open.peak), ...modes(asked),
    number(flights[1]), number(flights[2])];
}

function wasmRow(row) {
  const { failed, open, modes: asked, resident } = row.wasm;
  if (failed) return [entries(row), count(row.dense.vectors), failed, ...Array(6).fill(DASH)];
  return [entries(row), count(row.dense.vectors), number(open.seconds), number(open.now), number(resident), number(open.peak), ...modes(asked)];
}

/** What one more vector costs: the difference of two sizes, so that whatever all questions cost is not in it. */
function perVectors(rows, place) {
  const of = (row) => row[place]?.modes?.dense?.p50;
  const measured = told(rows).filter((row) => row.kind === "cards" && of(row) !== undefined);
  const [least, most] = [measured[0], measured.at(-1)];
  const more = most ? most.dense.vectors - least.dense.vectors : 0;
  return more < LEAST_MORE ? undefined : ((of(most) - of(least)) / more) * 100_000;
}

function vectorsSection(rows) {
  const cell = (place) => [perVectors(rows, place)].map((ms) => (ms === undefined ? DASH : `${number(ms)} ms`))[0];
  return ["## What do 100,000 more vectors cost a question by meaning?", table(["natively", "in wasm"], [[cell("native"), cell("wasm")]])];
}

const over = (ours, theirs) => (ours === undefined || theirs === undefined ? DASH : number(ours / theirs));

function peerRow(ours, peer) {
  const { name, failed, seconds, bytes, open, resident, modes } = peer;
  if (failed) return [name, failed, ...Array(8).fill(DASH)];
  const sparse = modes.sparse;
  const pairs = [[ours.open?.seconds, open.seconds], [ours.resident, resident], [ours.modes?.sparse.p50, sparse.p50]];
  const ratios = pairs.map(([own, other]) => (ours === peer ? DASH : over(own, other)));
  return [name, number(seconds), mega(bytes), number(open.seconds), number(resident), number(sparse.p50), tail(sparse), ...ratios];
}

const PEER_HEADER = ["", "built s", "saved MB", "open s", "MiB", "p50 ms", "p99 ms", "open: SkillMesh / it", "memory", "p50"];

/** Without vectors, since the others have none; and with them, as most snapshots are. */
function peerSection(row) {
  const ours = { name: "SkillMesh", ...row.keywords, ...row.wasmKeywords };
  const whole = { name: "SkillMesh, with vectors", ...row.dense, ...row.wasm };
  const rows = [peerRow(ours, ours), peerRow(whole, whole), ...row.peers.map((peer) => peerRow(ours, peer))];
  return [`## Keywords in Node, ${entries(row)}`, table(PEER_HEADER, rows)];
}

function modelSection({ name, passages, rate, query }) {
  const hours = (texts) => `${number(texts / rate / 3600)} h for ${count(texts)}`;
  const said = `${name} embedded ${count(passages)} passages, ${number(rate)} a second: ${hours(100_000)}, ${hours(1_000_000)}.`;
  return ["## A published model", `${said} A question takes it ${number(query)} ms more than the made one, which come on top for meaning and both.`];
}

const failedLine = ({ kind, size, failed }) => `- ${count(size)} ${kind}: ${failed}`;

export function render({ environment, load, rows, model, made }) {
  const measured = told(rows);
  const failures = [...rows, ...(model ? [model] : [])].filter(({ failed }) => failed);
  const opened = measured.filter(({ wasm }) => wasm);
  return [
    environmentLine(environment),
    `Load of the machine before: ${load[0].toFixed(1)}, after: ${load[1].toFixed(1)}. ${made}`,
    "## Built by the native program", table(BUILT_HEADER, measured.map(builtRow)),
    "## Asked natively, by `skillmesh mcp`", table([...ASKED_HEADER, ...LANES_HEADER], measured.map(nativeRow)),
    ...(opened.length ? ["## Asked in Node, by wasm", table(ASKED_HEADER, opened.map(wasmRow))] : []),
    ...vectorsSection(rows),
    ...measured.filter(({ peers }) => peers?.length).flatMap(peerSection),
    ...(model && !model.failed ? modelSection(model) : []),
    ...opened.filter(({ same }) => same).map(({ same, ...row }) => `native = wasm for ${entries(row)}: ${same.equal} of ${same.asked} answers`),
    ...(failures.length ? ["## Failed", failures.map(failedLine).join("\n")] : []),
  ].join("\n\n");
}
