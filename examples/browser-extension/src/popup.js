// Which skills fit the text that is selected in the page, or typed here? Keywords answer at once, meaning when the model is there.

import { ask } from "./ask.js";
import { by, counted, h, marked } from "./dom.js";
import { settings } from "./settings.js";

const PAUSE = 150; // milliseconds without a further key
const PROVIDERS = { claude: "Claude", codex: "Codex" };
const NOTES = { ready: "Keywords and meaning", off: "Keywords", loading: "Keywords now, meaning is loading…" };
const NOTHING = {
  "no-words": ["There is nothing to look for in this text.", "Say in a few words what you want to do."],
  "none-allowed": ["There are no skills to choose from.", "Bring a file with skills in the options."],
  "no-match": ["No skill fits this.", "Try other words."],
  "low-confidence": ["No skill fits this well.", "What comes closest would be a guess."],
};
let asked = 0; // answers to what was asked before are dropped
let typing;

const [query, hits, message, confidence, note, status] = ["query", "hits", "message", "confidence", "note", "status"].map(by);
const chosen = await settings();

if (chrome.extension.getViews({ type: "popup" }).includes(window)) document.documentElement.classList.add("popup");
query.addEventListener("input", () => (clearTimeout(typing), (typing = setTimeout(find, PAUSE))));
query.addEventListener("keydown", onKey);
by("options").addEventListener("click", () => chrome.runtime.openOptionsPage());
query.value ||= await firstQuery();
query.select();
query.focus();
await find();

/** What was selected for the context menu, or is selected in the page, or was asked last. */
async function firstQuery() {
  const { selected, last } = await chrome.storage.session.get(["selected", "last"]);
  await chrome.storage.session.remove("selected");
  return (selected ?? ((await selectedInPage()) || last || "")).trim();
}

/** Browsers keep extensions out of some pages, such as their own; nothing is selected there. */
async function selectedInPage() {
  try {
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    const found = await chrome.scripting.executeScript({ target: { tabId: tab.id, allFrames: true }, func: () => String(getSelection()) });
    return found.map(({ result }) => result?.trim()).find(Boolean);
  } catch {
    return "";
  }
}

/** Enter asks, and a line break takes Shift: a selected text may have several lines. */
function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find();
}

async function find(all = false) {
  clearTimeout(typing);
  const [turn, text] = [++asked, query.value.trim()];
  await chrome.storage.session.set({ last: text });
  if (!text) return say("start", "Find the skills for a task", "Type it above, or select a text in the page and open this again.");
  try {
    await answer(turn, text, all);
  } catch (error) {
    if (turn === asked) failed(error);
  }
}

async function answer(turn, text, all) {
  busy(true);
  const first = await ask("find", { query: text, keywords: true, all });
  if (turn !== asked) return;
  note.textContent = chosen.meaning ? NOTES.loading : NOTES.off;
  if (!chosen.meaning) return show(text, first);
  if (first.hits.length > 0) show(text, first);
  else say("waiting", "No skill has these words.", "Looking for skills that mean the same…");
  busy(true);
  const second = await ask("find", { query: text, all });
  if (turn === asked) show(text, second);
  if (turn === asked) noteMeaning(second.meaning);
}

function noteMeaning({ state, reason }) {
  note.textContent = NOTES[state] ?? "Keywords only: meaning could not be loaded";
  note.title = reason ?? "";
}

function show(text, { mode, hits: found, reason, confidence }) {
  if (found.length === 0) return nothing(reason);
  view("hits");
  sure(confidence);
  const ids = found.map(({ id }) => id);
  const held = [...hits.querySelectorAll("button")].indexOf(document.activeElement);
  hits.replaceChildren(...found.map((hit, i) => card(hit, { query: text, mode, ids: ids.slice(0, i + 1) })));
  hits.querySelectorAll("button")[held]?.focus(); // meaning joins while somebody is on the way to copy
  status.textContent = counted(found.length, "skill", "skills");
}

function sure({ value, level, clear_winner }) {
  confidence.dataset.level = level;
  const stands = clear_winner ? "; the first stands out" : "";
  confidence.querySelector(".says").textContent = `${level[0].toUpperCase()}${level.slice(1)} confidence, ${Math.round(value * 100)} %${stands}`;
}

/** A skill, with a button that copies it and those above it: a block is the best skills for a query. */
function card({ title, domain, description, text, ranges, byMeaning, copied }, wanted) {
  const rank = wanted.ids.length;
  const button = h("button", { type: "button", ...(rank === 1 && { class: "primary" }) }, ...says("Copy", rank));
  button.addEventListener("click", () => copy(button, wanted));
  const about = [domain.replaceAll("_", " "), byMeaning && "found by meaning", copied && "copied before"].filter(Boolean).join(" · ");
  const heading = h("h2", {}, h("span", { class: "rank" }, String(rank)), title);
  const parts = [h("div", { class: "top" }, heading, button), h("p", { class: "about" }, about), h("p", { class: "description" }, description)];
  return h("li", { class: "card" }, ...parts, ...(text && text !== description ? [h("p", { class: "why" }, ...marked(text, ranges))] : []));
}

/** What a button says of the first skills: the whole of it to those who hear it. */
function says(verb, rank) {
  const whom = ` for ${PROVIDERS[chosen.provider]}`;
  return rank === 1 ? [verb, unseen(` 1${whom}`)] : [`${verb} 1–${rank}`, unseen(whom)];
}

function unseen(text) {
  return h("span", { class: "unseen" }, text);
}

async function copy(button, wanted) {
  try {
    await navigator.clipboard.writeText(await ask("copy", wanted));
    button.replaceChildren(...says("Copied", wanted.ids.length));
    button.classList.add("copied");
    status.textContent = button.textContent;
  } catch (error) {
    failed(error);
  }
}

function nothing(reason) {
  say("nothing", ...NOTHING[reason]);
  if (reason === "low-confidence") offer("Show the closest", () => find(true));
}

/** An error as a sentence; it is the skills' file most of the time, which the options replace. */
function failed({ code, message }) {
  say("error", "The skills could not be searched.", `${message[0].toUpperCase()}${message.slice(1)}.`);
  if (/^(snapshot|io)/.test(code)) offer("Open the options", () => chrome.runtime.openOptionsPage());
  else offer("Try again", () => find());
}

function say(name, text, hint) {
  view(name);
  message.querySelector(".says").textContent = text;
  message.querySelector(".hint").textContent = hint;
  by("action").hidden = true;
  status.textContent = `${text} ${hint}`;
}

function offer(text, step) {
  by("action").hidden = false;
  by("action").textContent = text;
  by("action").onclick = step;
}

function view(name) {
  document.body.dataset.view = name;
  hits.hidden = confidence.hidden = name !== "hits";
  message.hidden = name === "hits";
  busy(false);
}

function busy(is) {
  document.body.toggleAttribute("data-busy", is);
}
