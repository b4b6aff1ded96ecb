// What is the middle, and what is the tail?

/** The smallest sample that `share` of all samples do not exceed (nearest rank); undefined for none. */
export function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export const median = (samples) => quantile(samples, 0.5);

/** Ratio of medians over the samples that both have: a slow engine may have stopped after fewer. */
export function ratio(ours, theirs) {
  const n = Math.min(ours?.length ?? 0, theirs?.length ?? 0);
  return n === 0 ? undefined : median(ours.slice(0, n)) / median(theirs.slice(0, n));
}
