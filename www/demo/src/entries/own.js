// The visitor's own files: read, checked, indexed and searched here.

import { SkillMesh } from "skillmesh";
import { button, h, parts } from "../dom.js";
import { dropped, picked, readable, texts } from "../files.js";
import { SIZE, meaning as startMeaning } from "../meaning.js";
import { playground } from "../playground.js";
import { SAMPLE } from "../sample.js";
import { bytes, counted } from "../words.js";
import { common } from "./common.js";

/** Whether this package can build a snapshot in a page. */
const CAN_BUILD = typeof SkillMesh.build === "function";

const MISSING =
  "This version of the package cannot index files in a page; in a terminal, skillmesh build makes the same snapshot of them.";

const view = parts(document.getElementById("main"));
const playgroundMarkup = view.playground.cloneNode(true);
const meaning = startMeaning();
const given = new Map();
let mesh = null;
let building = 0;

/** Takes files in, beside those that are there, and builds anew. */
async function take(files) {
  const { kept, passed } = readable(files);
  if (kept.length === 0) return say(`Nothing to read among ${counted(files.length, "file")}: expected .yaml, .json, .md or .txt.`);
  for (const { path, text } of await texts(kept)) given.set(path, text);
  await rebuild(passed);
}

async function rebuild(passed = []) {
  const call = ++building;
  const files = [...given].map(([path, text]) => ({ path, text }));
  const byMeaning = view.byMeaning.checked;
  try {
    if (byMeaning) say("Fetching the model…");
    if (byMeaning) await meaning.load();
    say(`Reading ${counted(files.length, "file")}${byMeaning ? ", and working out what they mean; that takes a while" : ""}…`);
    const { snapshot, findings } = await meaning.build(files, byMeaning);
    if (call === building) await open(snapshot, findings, files.length, passed);
  } catch (error) {
    if (call === building) failed(error);
  }
}

async function open(snapshot, findings, files, passed) {
  mesh?.free();
  mesh = await SkillMesh.load(snapshot);
  const { cards } = mesh.stats();
  report(findings, `${counted(cards, "skill")} from ${counted(files, "file")}, a snapshot of ${bytes(snapshot.length)}.${also(passed)}`);
  view.download.disabled = false;
  const fresh = playgroundMarkup.cloneNode(true);
  view.playground.replaceWith(fresh);
  view.playground = fresh;
  fresh.hidden = false;
  playground(fresh, { mesh, meaning, state: { q: "", mode: "auto", k: 3, provider: "claude", any: true }, follow: false, isTuned: false });
  say("");
}

function also({ length }) {
  return length ? ` ${counted(length, "file")} of other kinds ${length === 1 ? "was" : "were"} passed over.` : "";
}

function failed(error) {
  say(`No snapshot could be made: ${error.message}`);
  view.state.append(" ", button("Try again", () => rebuild()));
  if (error.findings?.length) report(error.findings, "Nothing usable was found.");
  view.download.disabled = true;
}

/** What was found in the files, the worst first, as much as can be read. */
function report(findings, summary) {
  const [errors, warnings] = ["error", "warning"].map((severity) => findings.filter((one) => one.severity === severity));
  const found = findings.length ? `${counted(errors.length, "error")} and ${counted(warnings.length, "warning")}:` : "No complaints.";
  view.report.hidden = false;
  view.summary.textContent = `${summary} ${found}`;
  view.findings.replaceChildren(...[...errors, ...warnings].map(findingNode));
  view.findings.hidden = findings.length === 0;
  if (findings.length) view.findings.tabIndex = 0;
}

function findingNode({ path, line, code, severity, message }) {
  const place = h("span", { class: "place" }, h("code", {}, line === null || line === undefined ? path : `${path}:${line}`), ` ${code}`);
  return h("li", { class: severity }, h("span", { class: "severity" }, severity), h("span", {}, ...spans(message), place));
}

/** What stands between backticks is code. */
const spans = (message) => message.split("`").map((text, i) => (i % 2 ? h("code", {}, text) : text));

function startOver() {
  given.clear();
  building++;
  [view.report.hidden, view.playground.hidden] = [true, true];
  say("");
  view.files.focus();
}

function download() {
  const address = URL.createObjectURL(new Blob([mesh.snapshot()], { type: "application/vnd.msgpack" }));
  h("a", { href: address, download: "registry.msgpack" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function paste(event) {
  event.preventDefault();
  const area = view.paste.querySelector("textarea");
  const text = area.value.trim();
  if (!text) return area.focus();
  given.set(named(text, given.size + 1), text);
  area.value = "";
  rebuild();
}

/** A name that says what a pasted text is: braces are JSON, front matter or a heading is a skill, all else YAML. */
function named(text, number) {
  if (/^[{[]/.test(text)) return `pasted-${number}.json`;
  return /^(---\r?\n[^]*?\r?\n---|#\s)/.test(text) ? `pasted-${number}/SKILL.md` : `pasted-${number}.yaml`;
}

function say(text) {
  view.state.textContent = text;
}

function listen() {
  for (const [open, input] of [[view.files, view.fileInput], [view.folder, view.folderInput]]) {
    open.addEventListener("click", () => input.click());
    input.addEventListener("change", () => take(picked(input.files)).finally(() => (input.value = "")));
  }
  view.sample.addEventListener("click", () => take(SAMPLE));
  view.paste.addEventListener("submit", paste);
  view.again.addEventListener("click", startOver);
  view.download.addEventListener("click", download);
  view.byMeaning.addEventListener("change", () => given.size && rebuild());
  for (const kind of ["dragover", "dragleave", "drop"]) addEventListener(kind, drag);
}

/** The whole page takes drops: whoever misses the box would leave the page otherwise. */
async function drag(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  view.drop.classList.toggle("over", event.type === "dragover");
  if (event.type === "drop") take(await dropped(event.dataTransfer));
}

common();
view.price.textContent = `(${bytes(SIZE)} to fetch)`;
if (CAN_BUILD) {
  listen();
} else {
  view.missing.hidden = false;
  view.missing.textContent = MISSING;
  view.own.inert = true;
}
