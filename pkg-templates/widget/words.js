// What does the element say? Everything here can be put in other words by `labels`.

import { complain } from "./settings.js";

export const WORDS = {
  trigger: "Search",
  placeholder: "Search the documentation",
  results: "Results",
  close: "Close",
  start: "Type a few words, or a question.",
  loading: "Loading the search…",
  none: "Nothing found for “{query}”.",
  noneHint: "Try fewer words, or other ones.",
  waiting: "No page has the words “{query}”.",
  waitingHint: "Looking for pages that mean the same…",
  failed: "The search does not work at the moment.",
  retry: "Try again",
  /** By plural category, as `Intl.PluralRules` names them; `other` is for all that are missing. */
  count: { one: "{count} result", other: "{count} results" },
  move: "move",
  follow: "open",
  tab: "new tab",
  meaningLoading: "Keywords now, meaning is loading…",
  meaningReady: "Keywords and meaning",
  meaningFailed: "Keywords only: meaning could not be used",
};

/** The words with some replaced, as the JSON of an attribute says; what cannot be used is told, and left as it is. */
export function wording(json) {
  const usable = ([name, words]) => isWording(name, words) || complain(`labels: ${name}`, shape(name), words);
  return { ...WORDS, ...Object.fromEntries(Object.entries(parsed(json)).filter(usable)) };
}

function parsed(json) {
  try {
    const labels = JSON.parse(json || "{}");
    if (labels && typeof labels === "object" && !Array.isArray(labels)) return labels;
  } catch {}
  complain("labels", 'JSON such as {"trigger": "Suche"}', json);
  return {};
}

function isWording(name, words) {
  const texts = name === "count" ? Object.values({ other: null, ...words }) : [words];
  return Object.hasOwn(WORDS, name) && texts.every((text) => typeof text === "string");
}

function shape(name) {
  return Object.hasOwn(WORDS, name) ? `something like ${JSON.stringify(WORDS[name])}` : `one of ${Object.keys(WORDS).join(", ")}`;
}

/** A text with its gaps filled. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/** How many there are, in words of the page's language; words that nobody has replaced are English. */
export function counted(forms, count, lang) {
  const language = forms === WORDS.count ? "en" : known(lang);
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return fill(form, { count: count.toLocaleString(language) });
}

/** The language as `Intl` knows it; pages may name any, also such as it refuses. */
function known(lang = "") {
  for (const tag of [lang, lang.split("-")[0]]) {
    try {
      return Intl.getCanonicalLocales(tag)[0];
    } catch {}
  }
}
