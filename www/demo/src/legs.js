// How much of a hit's score comes from its words, and how much from its meaning?

/** The share of each leg in the score, null for a leg that was not asked; both make the score (docs/ranking.md). */
export function legs(hit, mode) {
  const { sparse, dense, dense_weight: weight } = hit.explain;
  if (mode === "sparse") return { keyword: { value: hit.score, rank: sparse?.rank }, meaning: null };
  if (mode === "dense") return { keyword: null, meaning: { value: hit.score, rank: dense?.rank } };
  return {
    keyword: { value: (1 - weight) * (sparse?.normalised ?? 0), rank: sparse?.rank },
    meaning: { value: weight * (dense?.normalised ?? 0), rank: dense?.rank },
  };
}

/** What part of the strongest term's score a term needs to be told of. */
const TELLING = 0.15;

/** Terms that decide something, the strongest first, as the query wrote them; and how many do not. */
export function telling(hit, query) {
  const terms = [...(hit.explain.sparse?.terms ?? [])].sort((a, b) => b.score - a.score);
  const strong = terms.filter(({ score }) => score >= terms[0].score * TELLING);
  return { terms: strong.map((term) => ({ ...term, word: written(term.term, query) })), weak: terms.length - strong.length };
}

/** Terms are stems: the word of the query that one comes from says more. */
function written(term, query) {
  const words = query.toLowerCase().match(/[\p{L}\p{N}_+#.-]+/gu) ?? [];
  const shared = (word) => [...word].findIndex((letter, i) => letter !== term[i]);
  const length = (word) => (shared(word) === -1 ? word.length : shared(word));
  const best = words.reduce((a, b) => (length(b) > length(a) ? b : a), "");
  return length(best) >= Math.max(3, term.length - 2) ? best.replace(/[.-]+$/, "") : term;
}

/** How much of a score words make, 0 to 1. */
export function wordsShare(hit, mode) {
  const { keyword, meaning } = legs(hit, mode);
  const [words, meant] = [keyword, meaning].map((leg) => Math.max(leg?.value ?? 0, 0));
  return words + meant > 0 ? words / (words + meant) : 0;
}
