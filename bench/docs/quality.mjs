// How good are an engine's answers, by page?
//
// An answer is a list of `{ url, sections }`, best page first, where sections are URLs with anchors.
import { location } from "./locations.mjs";

/** So many pages are asked of every engine. */
export const TOP = 10;

/** So many sections does a page of results show under one page. */
const SECTIONS_SHOWN = 3;

const mean = (values) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined);

/** The place of the first right page, counted from 1; Infinity when none of the pages is right. */
function rank(answer, { labels }) {
  const right = new Set(labels.map(({ path }) => path));
  const found = answer.findIndex(({ url }) => right.has(location(url).path));
  return found < 0 ? Infinity : found + 1;
}

const isLabelled = (url, labels) => {
  const { path, anchor } = location(url);
  return labels.some((label) => label.anchor && label.path === path && label.anchor === anchor);
};

/** Does a reader see a link to the right heading under one of the pages? */
function showsSection(answer, { labels }) {
  return answer.some(({ sections }) => sections.slice(0, SECTIONS_SHOWN).some((url) => isLabelled(url, labels)));
}

/** The share of questions whose right heading is shown, of those where one is labelled; undefined without sections. */
function sectionShare(questions, answers) {
  if (!answers.flat().some(({ sections }) => sections.length)) return undefined;
  const pairs = questions.map((question, i) => [question, answers[i]]);
  const labelled = pairs.filter(([{ labels }]) => labels.some(({ anchor }) => anchor));
  return mean(labelled.map(([question, answer]) => Number(showsSection(answer, question))));
}

/** Figures of an engine whose `answers[i]` answers `questions[i]`. */
export function judge(questions, answers) {
  const ranks = questions.map((question, i) => rank(answers[i], question));
  return {
    answered: answers.filter((pages) => pages.length).length,
    "hit@1": mean(ranks.map((place) => Number(place <= 1))),
    "hit@3": mean(ranks.map((place) => Number(place <= 3))),
    "mrr@10": mean(ranks.map((place) => (place <= TOP ? 1 / place : 0))),
    section: sectionShare(questions, answers),
  };
}
