// How long does a question take, in the middle and at worst?
import { quantile } from "../stats.mjs";

const WARM_UP = 20;
const LEAST = 20;
/** What one kind of question may take in all. */
const BUDGET_MS = 60_000;

/** Milliseconds of each answer, and the ids that `ask` gave; fewer than asked for where they take long. */
export async function asking(queries, ask) {
  for (const query of queries.slice(-WARM_UP)) await ask(query);
  const [times, ids, until] = [[], [], performance.now() + BUDGET_MS];
  for (const query of queries) {
    if (times.length >= LEAST && performance.now() > until) break;
    const began = performance.now();
    ids.push(await ask(query));
    times.push(performance.now() - began);
  }
  const found = ids.filter((found) => found.length > 0).length;
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), samples: times.length, found, ids };
}
