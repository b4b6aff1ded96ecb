// Is the page light or dark? Its `color-scheme` says so; where it has none, its text does: a page may be lighter than the visitor's system.

/** Keeps `root` in the colours of the page that `element` is on; gives what looks again, and what ends it. */
export function followScheme(element, root) {
  const page = element.ownerDocument;
  const window = page.defaultView;
  const body = page.body ?? page.documentElement;
  const both = [page.documentElement, body];
  const look = () => {
    const silent = getComputedStyle(element).colorScheme === "normal";
    root.dataset.scheme = silent ? (hasLightText(body, root) ? "dark" : "light") : "page";
  };
  const faded = ({ target }) => both.includes(target) && look();
  const stop = new window.AbortController();
  const observer = new window.MutationObserver(look);
  for (const node of both) observer.observe(node, { attributes: true });
  page.addEventListener("transitionend", faded, stop);
  window.addEventListener("load", look, stop);
  window.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", look, stop);
  look();
  return { look, leave: () => (stop.abort(), observer.disconnect()) };
}

/** Asked by way of a colour that nobody sees: computed colours come in many notations, a mixed one in a single. */
function hasLightText(body, root) {
  const { color } = getComputedStyle(body);
  root.style.outlineColor = `color-mix(in srgb, ${color}, ${color})`;
  const [red, green, blue] = getComputedStyle(root).outlineColor.match(/[\d.]+(e-\d+)?/g);
  root.style.outlineColor = "";
  return 0.21 * red + 0.72 * green + 0.07 * blue > 0.5;
}
