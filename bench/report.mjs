// How does a person read the figures?
import { median, quantile, ratio } from "./stats.mjs";

export const DASH = "–";

export function number(value) {
  if (value === undefined) return DASH;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export const ms = (samples) => number(samples?.length ? median(samples) : undefined);
export const megabytes = (bytes) => (bytes / 1e6).toFixed(2);

function asRatio(value) {
  if (value === undefined) return DASH;
  return value < 1 ? `${number(value)} (1/${number(1 / value)})` : number(value);
}

/** A Markdown table; the first column holds names, the others numbers. */
export function table(header, rows) {
  const rule = header.map((_, i) => (i === 0 ? "---" : "---:"));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const oursIn = (rows) => rows.find((row) => row.engine === "SkillMesh");

/** SkillMesh over the peer in `row`; no ratio of SkillMesh to itself. */
const versus = (ours, row, field) => asRatio(ours === row ? undefined : ratio(ours?.[field], row[field]));

function readyRow({ engine, ready }) {
  if (!ready) return [engine, DASH, "could not take part, see below"];
  return [engine, ready.docs, `${number(ready.ms / 1000)} s${ready.overCap ? ", over the cap" : ""}`];
}

const readyTable = (rows) => table(["engine", "documents", "built (SkillMesh: opened) in"], rows.map(readyRow));

function openRow(row, ours) {
  const samples = [row.warm, row.warmAnswered, row.cold, row.coldAnswered].map(ms);
  return [row.engine, ...samples, versus(ours, row, "warm"), versus(ours, row, "cold"),
    megabytes(row.raw), megabytes(row.gzip)];
}

const OPEN_HEADER = ["engine", "open ms", "+ first answer", "cold open ms", "+ first answer", "SkillMesh / it", "cold",
  "MB", "MB gzip"];

const openTable = (rows) => table(OPEN_HEADER, rows.map((row) => openRow(row, oursIn(rows))));

function keywordRow(row, ours) {
  const { samples } = row;
  return [row.engine, ms(samples), number(quantile(samples, 0.99)), versus(ours, row, "samples"),
    `${row.answered} of ${row.asked}`, samples.length];
}

const KEYWORD_HEADER = ["engine", "p50 ms", "p99 ms", "SkillMesh / it", "found something", "samples"];

const keywordTable = (rows) => table(KEYWORD_HEADER, rows.map((row) => keywordRow(row, oursIn(rows))));

function keywordSection(times, [set, rows]) {
  return [`### Keyword query, ${set}, ${times}x`, keywordTable(rows)];
}

function sizeSection({ times, documents, ready, open, keyword }) {
  return [
    `## ${times}x: ${documents} documents`,
    readyTable(ready),
    ...(open ? [`### Open, ${times}x`, openTable(open)] : []),
    ...Object.entries(keyword ?? {}).flatMap((set) => keywordSection(times, set)),
  ];
}

function lengthRow({ tokens, cosine, samples }) {
  const { SkillMesh: ours, "onnxruntime-web": theirs } = samples;
  return [`${tokens} tokens`, ms(ours), ms(theirs), asRatio(ratio(ours, theirs)), cosine?.toFixed(4) ?? DASH];
}

function loadRow({ SkillMesh: ours, "onnxruntime-web": theirs }) {
  const [a, b] = [ours, theirs].map((samples) => samples?.map((sample) => sample.opened));
  return ["load, cold", ms(a), ms(b), asRatio(ratio(a, b)), DASH];
}

function embeddingSection({ load, lengths }) {
  const header = ["", "SkillMesh ms", "onnxruntime-web ms", "ratio", "cosine"];
  return ["## Query embedding", table(header, [...lengths.map(lengthRow), loadRow(load)])];
}

function targetRow({ name, limit, ratio: measured, met }) {
  return [name, `≤ ${number(limit)}`, number(measured), met ? "met" : "missed"];
}

function targetSection(targets) {
  return ["## Targets", table(["SkillMesh / peer", "target", "measured", ""], targets.map(targetRow))];
}

const list = (title, lines) => (lines.length ? [`## ${title}`, lines.map((line) => `- ${line}`).join("\n")] : []);

const failureLine = ({ engine, step, message }) => `${engine} failed to ${step}: ${message}`;

export function environmentLine({ node, cpu, cores, versions }) {
  return `Node ${node}, ${cores} × ${cpu}. ${Object.entries(versions).map((pair) => pair.join(" ")).join(", ")}.`;
}

export function render(report) {
  return [
    environmentLine(report.environment),
    ...report.sizes.flatMap(sizeSection),
    ...(report.embedding ? embeddingSection(report.embedding) : []),
    ...(report.targets.length ? targetSection(report.targets) : []),
    ...list("Notes", report.notes),
    ...list("Failures", report.failures.map(failureLine)),
  ].join("\n\n");
}
