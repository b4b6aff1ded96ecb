// What is asked of each site, and which pages answer it?
//
// A label is a page's path, with `#anchor` where one heading holds the answer.
import { readFileSync } from "node:fs";
import { anchors } from "./markdown.mjs";

const FILE = new URL("./questions.jsonl", import.meta.url);

function label(text) {
  const [path, anchor] = text.split("#");
  return { path, anchor };
}

function readQuestions() {
  const lines = readFileSync(FILE, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  return lines.map(({ pages, ...question }) => ({ ...question, labels: pages.map(label) }));
}

/** A page that was renamed, or a heading, would count as an engine's mistake. */
function check({ id, labels }, pages) {
  for (const { path, anchor } of labels) {
    const page = pages.get(path);
    if (!page) throw new Error(`question ${id}: the site has no page ${path}`);
    const known = !anchor || anchors(page.markdown).includes(anchor);
    if (!known) throw new Error(`question ${id}: ${path} has no heading #${anchor}`);
  }
}

/** The questions about one site, each of whose labels is there. */
export function questionsAbout({ name, pages }) {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const questions = readQuestions().filter(({ site }) => site === name);
  for (const question of questions) check(question, byPath);
  return questions;
}
