// How is said how sure an answer is, or why there is none?

import { h } from "./dom.js";
import { counted, milliseconds, percent } from "./words.js";

const LEVELS = { high: "Sure", medium: "Fairly sure", low: "Unsure" };
const LEGS = { sparse: "keywords", dense: "meaning", hybrid: "keywords and meaning" };

/** What is said where no questions with known answers tell how often such answers are right: a number would mislead. */
const UNTUNED = "How sure this is, nobody can say yet: that takes questions whose right skills are known, and “skillmesh tune”.";

/** How sure an answer is, as a meter and in words, which legs answered in what time, and what that means where there is one. */
export function verdict({ confidence, mode, took }, { isTuned, isEmpty }) {
  const how = h("span", { class: "how" }, `by ${LEGS[mode]} in ${milliseconds(took)}`);
  const [level, means] = confidence && isTuned ? sureness(confidence) : [[], confidence ? UNTUNED : ""];
  const line = h("p", { class: "level", "data-level": level.length > 0 && confidence.level }, ...level, how);
  return isEmpty || !means ? [line] : [line, h("p", { class: "means" }, means)];
}

function sureness({ value, level, clear_winner: clear }) {
  const means = `In ${percent(value)} of 100 answers like this, one of the first three is right.`;
  const nodes = [h("b", {}, LEVELS[level]), meter(value, level), h("b", {}, `${percent(value)} %`)];
  return [nodes, clear ? `${means} The first stands clear of the second.` : means];
}

function meter(value, level) {
  const now = { "aria-valuenow": percent(value), "aria-valuetext": `${LEVELS[level]}, ${percent(value)} %` };
  const range = { "aria-valuemin": 0, "aria-valuemax": 100, ...now };
  const node = h("span", { class: "meter", role: "meter", "aria-label": "How sure", ...range }, h("i"));
  node.firstChild.style.setProperty("--share", String(value));
  return node;
}

/** Why there is nothing, in a sentence and in what could be done. */
export function reason({ reason, confidence, mode }, cards) {
  const all = counted(cards, "skill");
  const says = {
    "no-words": ["There is no word in this to search for.", "Describe a task in a few words."],
    "no-match": [`None of ${all} shares a word with this.`, mode === "sparse" ? "Meaning may still find one." : "Try other words."],
    "none-allowed": ["No skill may answer this.", ""],
    "low-confidence": ["Nothing fits well enough.", unsure(confidence, all)],
  };
  return says[reason] ?? ["Nothing was found.", ""];
}

function unsure(confidence, all) {
  const right = confidence ? `would be right in about ${percent(confidence.value)} of 100 such cases` : "would hardly be right";
  return `The closest of ${all} ${right}, so none is offered: an agent is better off without a wrong one.`;
}

/** The same for those who hear it. */
export function spoken({ hits, confidence, mode }, text, isTuned) {
  if (!hits.length) return text.join(" ");
  const sure = confidence && isTuned ? `, ${LEVELS[confidence.level].toLowerCase()}, ${percent(confidence.value)} percent` : "";
  return `${counted(hits.length, "skill")} by ${LEGS[mode]}${sure}. First: ${hits[0].title}`;
}
