// How does a person read the figures?
import { DASH, environmentLine, megabytes, ms, number, table } from "../report.mjs";
import { median } from "../stats.mjs";

const HEADER = ["engine", "built in s", "index MB", "MB gzip", "kB gzip a page", "first answer loads kB", "query ms p50",
  "found something", "hit@1", "hit@3", "MRR@10", "right heading"];

const kilobytes = (bytes) => number(bytes / 1e3);
const percent = (share) => (share === undefined ? DASH : `${Math.round(share * 100)} %`);

const costs = ({ built, size, firstLoad, queried }, pages) => [number(median(built) / 1000), megabytes(size.raw),
  megabytes(size.gzip), kilobytes(size.gzip / pages), kilobytes(firstLoad), ms(queried)];

const merits = ({ quality }, asked) => [`${quality.answered} of ${asked}`, percent(quality["hit@1"]),
  percent(quality["hit@3"]), quality["mrr@10"].toFixed(3), percent(quality.section)];

const row = ({ pages, questions }, entry) => [entry.name, ...costs(entry, pages), ...merits(entry, questions.length)];

function bundleLines({ rows }) {
  const line = ({ name, bundle: { raw, gzip } }) =>
    `${name}'s folder with its scripts and styles: ${megabytes(raw)} MB, ${megabytes(gzip)} MB gzip.`;
  return rows.filter(({ bundle }) => bundle).map(line);
}

function siteSection(site) {
  const title = `## ${site.name}: ${site.pages} pages, ${site.questions.length} questions`;
  return [title, table(HEADER, site.rows.map((entry) => row(site, entry))), ...bundleLines(site)];
}

export function render({ environment, sites }) {
  return [environmentLine(environment), ...sites.flatMap(siteSection)].join("\n\n");
}
