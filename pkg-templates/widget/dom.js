// How are nodes made? One by one: no text is ever parsed as HTML, so that strict policies (CSP, Trusted Types) have nothing to refuse.

/** An element with attributes (those that are `false` are left out) and children, which may be texts. */
export function h(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** A line drawing on a grid of 16. */
export function icon(...lines) {
  const svg = (name, attributes, ...children) => filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, ...lines.map((d) => svg("path", { d })));
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value !== false) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
