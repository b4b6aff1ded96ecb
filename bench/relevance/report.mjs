// How does a person read the figures?
import { OURS } from "./entrants.mjs";

const METRIC = "ndcg@10";
const DASH = "–";

const figure = (value) => (value === undefined ? DASH : value.toFixed(3).replace(/^0/, ""));

const line = (cells) => `| ${cells.join(" | ")} |`;

/** The mean over the sets, where there is a figure for each. */
function mean(values) {
  return values.includes(undefined) ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function row(name, results) {
  const values = results.map((result) => result.metrics?.[METRIC].mean);
  const cells = results.map(({ note }, i) => note ?? figure(values[i]));
  return line([name, ...cells, figure(mean(values))]);
}

function table(sets) {
  const head = [METRIC, ...sets.map(({ name }) => name), "mean"];
  const rule = ["---", ...head.slice(1).map(() => "---:")];
  const names = Object.keys(sets[0].results);
  const rows = names.map((name) => row(name, sets.map(({ results }) => results[name])));
  return [line(head), line(rule), ...rows].join("\n");
}

const sizeLine = ({ name, documents, queries }) => `${name}: ${documents} documents, ${queries} queries`;

function agreementLine({ name, agreement }) {
  const counts = Object.entries(agreement).map(([mode, { same, of }]) => `${OURS[mode]} ${same} of ${of}`);
  return `- ${name}, native = wasm: ${counts.join("; ")}`;
}

function environmentLine({ node, versions }) {
  return `Node ${node}. ${Object.entries(versions).map((pair) => pair.join(" ")).join(", ")}.`;
}

export function render({ environment, sets }) {
  const sizes = `${sets.map(sizeLine).join("; ")}.`;
  return [environmentLine(environment), sizes, table(sets), sets.map(agreementLine).join("\n")].join("\n\n");
}
