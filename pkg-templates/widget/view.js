// What is on the screen? The nodes of the element's shadow tree, without any knowledge of searching.

import { h, icon } from "./dom.js";

const GLASS = ["M7 2a5 5 0 1 1 0 10a5 5 0 1 1 0-10", "M10.8 10.8L14 14"];
const apple = () => /Mac|iP(hone|ad)/.test(navigator.platform);

/** All nodes, by name; `root` holds them. */
export function view(words) {
  const parts = { ...trigger(words), ...field(words), ...body(words), ...foot(words) };
  parts.panel = h("div", { class: "panel" }, parts.header, parts.progress, parts.body, parts.footer, parts.status);
  parts.dialog = h("dialog", { part: "dialog", "aria-label": words.trigger }, parts.panel);
  parts.root = h("div", { id: "root" }, parts.triggerSlot, parts.dialog);
  return parts;
}

function trigger(words) {
  const keys = h("kbd", { part: "shortcut", "aria-hidden": "true" }, apple() ? "⌘K" : "Ctrl K");
  const label = h("span", { part: "trigger-label" }, words.trigger);
  const attributes = { type: "button", part: "trigger", "aria-haspopup": "dialog", "aria-keyshortcuts": "/ Control+K Meta+K" };
  const button = h("button", attributes, icon(...GLASS), label, keys);
  return { triggerSlot: h("slot", { name: "trigger" }, button), shortcut: keys, triggerButton: button };
}

/** The field keeps the focus; which result is meant, `aria-activedescendant` says. */
function field(words) {
  const combobox = { role: "combobox", "aria-expanded": "false", "aria-controls": "list", "aria-autocomplete": "list" };
  const typing = { type: "text", inputmode: "search", enterkeyhint: "go", dir: "auto" };
  const plain = { autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false" };
  const named = { part: "input", "aria-label": words.placeholder, placeholder: words.placeholder };
  const input = h("input", { ...combobox, ...typing, ...plain, ...named });
  const close = h("button", { type: "button", part: "close" }, h("kbd", {}, "Esc"), h("span", {}, ` ${words.close}`));
  const header = h("div", { part: "header", class: "header" }, icon(...GLASS), input, close);
  return { header, input, close, progress: h("div", { part: "progress", class: "progress" }) };
}

function body(words) {
  const list = h("div", { role: "listbox", id: "list", part: "list", "aria-label": words.results, hidden: "" });
  const [says, hint] = [h("p", { class: "says" }), h("p", { class: "hint" })];
  const retry = h("button", { type: "button", part: "retry", hidden: "" }, words.retry);
  const message = h("div", { part: "message", class: "message" }, says, hint, retry);
  return { list, message, says, hint, retry, body: h("div", { part: "body", class: "body" }, list, message) };
}

function foot(words) {
  const key = (name, does) => h("span", {}, h("kbd", {}, name), ` ${does}`);
  const tab = key(apple() ? "⌘ ↵" : "Ctrl ↵", words.tab);
  const keys = [key("↑ ↓", words.move), key("↵", words.follow), tab];
  const hints = h("div", { part: "hints", class: "hints", "aria-hidden": "true" }, ...keys);
  const note = h("span", { part: "note", class: "note" });
  const footer = h("div", { part: "footer", class: "footer" }, hints, note, h("slot", { name: "footer" }));
  return { footer, note, status: h("div", { role: "status", class: "unseen" }) };
}
