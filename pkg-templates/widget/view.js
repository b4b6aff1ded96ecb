// What is on the screen? The nodes of the element's shadow tree, without any knowledge of searching.

import { h, icon } from "./dom.js";

const GLASS = ["M7 2a5 5 0 1 1 0 10a5 5 0 1 1 0-10", "M10.8 10.8L14 14"];
const apple = () => /Mac|iP(hone|ad)/.test(navigator.platform);

/** All nodes, by name, still without words; `root` holds them. */
export function view() {
  const texts = Object.fromEntries(["trigger", "close", "retry", "move", "follow", "tab"].map((name) => [name, h("span", {})]));
  const parts = { texts, ...trigger(texts), ...field(texts), ...body(texts), ...foot(texts) };
  parts.panel = h("div", { class: "panel" }, parts.header, parts.progress, parts.body, parts.footer, parts.status);
  parts.dialog = h("dialog", { part: "dialog" }, parts.panel);
  parts.root = h("div", { id: "root" }, parts.triggerSlot, parts.dialog);
  return parts;
}

/** Puts words where they belong, also while somebody searches. */
export function name({ texts, dialog, input, list }, words) {
  for (const [text, node] of Object.entries(texts)) node.textContent = words[text];
  for (const node of [dialog, input]) node.setAttribute("aria-label", words.placeholder);
  input.placeholder = words.placeholder;
  list.setAttribute("aria-label", words.results);
}

/** Whether the keys that open the dialog are named. */
export function nameShortcuts({ shortcut, triggerButton }, yes) {
  shortcut.hidden = !yes;
  if (yes) triggerButton.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
  else triggerButton.removeAttribute("aria-keyshortcuts");
}

function trigger(texts) {
  const keys = h("kbd", { part: "shortcut", "aria-hidden": "true" }, apple() ? "⌘K" : "Ctrl K");
  texts.trigger.part = "trigger-label";
  const button = h("button", { type: "button", part: "trigger", "aria-haspopup": "dialog" }, icon(...GLASS), texts.trigger, keys);
  return { triggerSlot: h("slot", { name: "trigger" }, button), shortcut: keys, triggerButton: button };
}

/** The field keeps the focus; which result is meant, `aria-activedescendant` says. */
function field(texts) {
  const combobox = { role: "combobox", "aria-expanded": "false", "aria-controls": "list", "aria-autocomplete": "list" };
  const typing = { type: "text", inputmode: "search", enterkeyhint: "go", dir: "auto" };
  const plain = { autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false" };
  const input = h("input", { ...combobox, ...typing, ...plain, part: "input" });
  const close = h("button", { type: "button", part: "close" }, h("kbd", {}, "Esc"), " ", texts.close);
  const header = h("div", { part: "header", class: "header" }, icon(...GLASS), input, close);
  return { header, input, close, progress: h("div", { part: "progress", class: "progress" }) };
}

function body(texts) {
  const list = h("div", { role: "listbox", id: "list", part: "list", hidden: "" });
  const [says, hint] = [h("p", { class: "says" }), h("p", { class: "hint" })];
  const retry = h("button", { type: "button", part: "retry", hidden: "" }, texts.retry);
  const message = h("div", { part: "message", class: "message" }, says, hint, retry);
  return { list, message, says, hint, retry, body: h("div", { part: "body", class: "body" }, list, message) };
}

function foot({ move, follow, tab }) {
  const key = (name, does) => h("span", {}, h("kbd", {}, name), " ", does);
  const keys = [key("↑ ↓", move), key("↵", follow), key(apple() ? "⌘ ↵" : "Ctrl ↵", tab)];
  const hints = h("div", { part: "hints", class: "hints", "aria-hidden": "true" }, ...keys);
  const note = h("span", { part: "note", class: "note" });
  const footer = h("div", { part: "footer", class: "footer" }, hints, note, h("slot", { name: "footer" }));
  return { footer, note, status: h("div", { role: "status", class: "unseen" }) };
}
