// What may move when meaning joins an answer that somebody is looking at?
//
// What is pointed at, holds the focus, or was reached by scrolling stays where it is, with all that stands above it. Only what lies
// below follows the better order.

/** Whether an answer is the same question's, which keywords had answered and meaning has joined. */
export function isSettling(before, after) {
  return before?.query === after.query && before.mode === "sparse" && after.mode === "hybrid";
}

/** How many of the nodes, from the first, stay. */
export function held(nodes) {
  const last = (test) => nodes.findLastIndex(test);
  const scrolled = nodes[0]?.getBoundingClientRect().top < 0 ? last((node) => node.getBoundingClientRect().top < innerHeight) : -1;
  return 1 + Math.max(last((node) => node.matches(":hover")), last((node) => node.contains(document.activeElement)), scrolled);
}

/** The keys to show: the first `count` as they are, then those of the better order that are not among them. */
export function settled(shown, better, count) {
  const kept = shown.slice(0, count);
  return [...kept, ...better.filter((key) => !kept.includes(key))].slice(0, Math.max(better.length, count));
}

/** Changes what is on the screen, and scrolls by as much as `node` moved by it: words above it may be more or fewer lines. */
export function anchored(node, change) {
  const before = node?.getBoundingClientRect().top;
  change();
  if (node) scrollBy({ top: node.getBoundingClientRect().top - before, behavior: "instant" });
}

/** Puts `nodes` into `list` in this order; those that move are seen moving, unless somebody prefers that they are not. */
export function arrange(list, nodes) {
  const before = new Map([...list.children].map((node) => [node, node.getBoundingClientRect().top]));
  for (const node of before.keys()) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, i) => list.children[i] !== node && list.insertBefore(node, list.children[i] ?? null));
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const node of nodes) glide(node, before.get(node));
}

function glide(node, top) {
  const moved = top === undefined ? 0 : top - node.getBoundingClientRect().top;
  if (Math.abs(moved) > 1) node.animate([{ transform: `translateY(${moved}px)` }, {}], { duration: 220, easing: "cubic-bezier(.2, 0, 0, 1)" });
}
