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

const hasAnchor = ({ labels }) => labels.some(({ anchor }) => anchor);

/** `answers[i]` answers `questions[i]`. `section` is undefined for an engine that knows no sections. */
export function judge(questions, answers) {
  const ranks = questions.map((question, i) => rank(answers[i], question));
  const sectioned = answers.flat().some(({ sections }) => sections.length);
  const shown = questions.map((question, i) => showsSection(answers[i], question)).filter((_, i) => hasAnchor(questions[i]));
  return {
    "hit@1": mean(ranks.map((place) => Number(place <= 1))),
    "hit@3": mean(ranks.map((place) => Number(place <= 3))),
    "mrr@10": mean(ranks.map((place) => (place <= TOP ? 1 / place : 0))),
    section: sectioned ? mean(shown.map(Number)) : undefined,
  };
}
