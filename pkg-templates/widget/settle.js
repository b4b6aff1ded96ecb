// What may change when meaning joins an answer that somebody is looking at?
//
// While nobody can have looked yet (a glance long, nothing touched), the better answer takes the place of the first. After that,
// what was reached stays where it is, with everything above it: the page of the active result, the page under the pointer, and
// what a scrolled list has shown. Only what lies below follows the better order.

/** Milliseconds in which nobody has read and aimed: to take in a title and to act on it takes longer. */
export const GLANCE = 400;

/** How far down the list is settled: the number of the last page that stays, -1 if none does. */
export function reached({ age, moved, active, hovered, scrolled }) {
  const seen = moved || age > GLANCE ? active : -1;
  return Math.max(seen, hovered, scrolled);
}

/** The pages to show: those up to `last` as they are, then those of the better answer that are not among them. */
export function settled(shown, better, last) {
  const kept = shown.slice(0, last + 1);
  const keys = new Set(kept.map(({ key }) => key));
  return [...kept, ...better.filter(({ key }) => !keys.has(key))];
}
