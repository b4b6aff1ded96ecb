// What does the element say? Everything here can be put in other words by `labels`.

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
  failed: "The search could not be loaded.",
  retry: "Try again",
  /** By plural category, as `Intl.PluralRules` names them; `other` is for all that are missing. */
  count: { one: "{count} result", other: "{count} results" },
  move: "move",
  follow: "open",
  tab: "new tab",
  meaningLoading: "Keywords now, meaning is loading…",
  meaningReady: "Keywords and meaning",
  meaningFailed: "Keywords only: meaning could not be loaded",
};

/** The words with some replaced, as the JSON of an attribute says. */
export function wording(json) {
  try {
    return { ...WORDS, ...JSON.parse(json ?? "{}") };
  } catch (error) {
    console.error(`skillmesh-search: labels: expected JSON such as {"trigger": "Suche"}: ${error.message}`);
    return WORDS;
  }
}

/** A text with its gaps filled. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/** How many there are, in words of the page's language. */
export function counted(forms, count, lang) {
  const [language] = Intl.PluralRules.supportedLocalesOf(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(lang) ? lang : []);
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return fill(form, { count: count.toLocaleString(language) });
}
