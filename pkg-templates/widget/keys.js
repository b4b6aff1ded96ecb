// Which keys open the search and move in it, and where do they belong to somebody else?

/** From which row to which; of how many. */
export const MOVES = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  PageDown: (at, count) => Math.min(at + 5, count - 1),
  PageUp: (at) => Math.max(at - 5, 0),
  Home: () => 0,
  End: (at, count) => count - 1,
};

const elements = new Set();

/** Calls `pressed` with `slash` or `command` when a key is for this element, the first visible one of its page; gives what ends that. */
export function takeShortcuts(element, isOpen, pressed) {
  const page = element.ownerDocument;
  const listen = (event) => {
    const key = shortcut(event);
    if (!key || event.defaultPrevented || first(page) !== element) return;
    if (maybeTyped(event.composedPath()[0]) && !(key === "command" && isOpen())) return;
    event.preventDefault();
    if (!event.repeat) pressed(key);
  };
  elements.add(element);
  page.addEventListener("keydown", listen);
  return () => (elements.delete(element), page.removeEventListener("keydown", listen));
}

/** What browsers fill in by themselves comes as a key without a name. */
function shortcut({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey) return null;
  if (key === "/" && !ctrlKey && !metaKey) return "slash";
  return key?.toLowerCase() === "k" && (ctrlKey || metaKey) && !shiftKey ? "command" : null;
}

function first(page) {
  const taking = [...elements].filter((one) => one.ownerDocument === page && one.getAttribute("shortcuts") !== "off" && one.checkVisibility());
  return taking.reduce((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING ? other : one), taking[0]);
}

const PRESSED = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
const TYPED = "textarea, select, [role=textbox], [role=searchbox], [role=combobox], [role=spinbutton]";

/** Whether keys may be text to whoever has the focus. */
function maybeTyped(node) {
  if (!node?.matches) return false;
  return node.matches("input") ? !PRESSED.includes(node.type) : node.isContentEditable || node.editContext || node.matches(TYPED) || isClosed(node);
}

/** Something that has the focus and could not have it by itself: within is a tree that nobody can look into. */
function isClosed(node) {
  if (node.shadowRoot || node.localName === "body" || node !== node.getRootNode().activeElement) return false;
  return node.localName.includes("-") || (node.tabIndex < 0 && !node.hasAttribute("tabindex"));
}
