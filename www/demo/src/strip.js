// How did every skill do? One bar each, always in the same place; those that were chosen are lit.

import { h } from "./dom.js";

/** Fills `node` with a bar for each card. Gives what puts scores into them, and the chosen with the share that words have in theirs. */
export function strip(node, ids) {
  const bars = new Map(ids.map((id) => [id, h("i")]));
  node.replaceChildren(...bars.values());
  node.style.setProperty("--count", String(ids.length));
  return (scored, chosen) => {
    const ids = chosen.map(({ id }) => id);
    const best = Math.max(...scored.map(({ score }) => score), Number.EPSILON);
    const heights = new Map(scored.map(({ id, score }) => [id, Math.max(score / best, 0)]));
    for (const [id, bar] of bars) {
      bar.style.setProperty("--score", String(heights.get(id) ?? 0));
      light(bar, ids.indexOf(id) + 1, chosen[ids.indexOf(id)]?.words);
    }
  };
}

function light(bar, rank, words) {
  bar.className = rank ? "lit" : "";
  if (!rank) return bar.removeAttribute("data-rank");
  bar.dataset.rank = String(rank);
  bar.style.setProperty("--words", String(words));
}
