// How is something put on a page? As nodes and texts, never as HTML: skills may say anything.

export const by = (id) => document.getElementById(id);

/** An element with attributes and children. */
export function h(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A text with its ranges marked. */
export function marked(text, ranges) {
  let end = 0;
  const pieces = ranges.flatMap(([from, to]) => [text.slice(end, from), h("mark", {}, text.slice(from, (end = to)))]);
  return [...pieces, text.slice(end)];
}

export function counted(count, one, many) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
