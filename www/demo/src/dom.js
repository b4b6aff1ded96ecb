// How are nodes made and found? No text is ever parsed as HTML.

/** An element with attributes (those that are `false` are left out) and children, which may be texts. */
export function h(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== false) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A button that does something. */
export function button(text, act, kind = "button") {
  const node = h("button", { type: "button", class: kind }, text);
  node.addEventListener("click", act);
  return node;
}

/** The nodes of `root` that have a `data-part`, by that name. */
export function parts(root) {
  const name = (part) => part.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [name(node.dataset.part), node]));
}

/** A text with its ranges marked. */
export function marked({ text, ranges }) {
  let end = 0;
  const pieces = ranges.flatMap(([from, to]) => [text.slice(end, from), h("mark", {}, text.slice(from, (end = to)))]);
  return [...pieces, text.slice(end)];
}

/** Says `text` to screen readers, once typing rests. */
export function speaker(status, rest = 600) {
  let timer;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => (status.textContent = text), rest);
  };
}
