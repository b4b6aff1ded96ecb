// The visitor's own files: read, checked, indexed and searched here.

import { Embedder, SkillMesh } from "skillmesh";
import { CACHE, MODEL, SIZE } from "../data.js";
import { button, h, parts } from "../dom.js";
import { contents, dropped, picked, readable } from "../files.js";
import { meaning as startMeaning } from "../meaning.js";
import { keepOffline } from "../offline.js";
import { playground } from "../playground.js";
import { SAMPLE } from "../sample.js";
import { bytes, counted } from "../words.js";
import { common } from "../common.js";

const view = parts(document.getElementById("main"));
const playgroundMarkup = view.playground.cloneNode(true);
/** By path, as the package takes them. */
const given = new Map();
/** What answers by words, and by meaning once it is there. */
let opened = [];
let building = 0;

/** Takes files in, beside those that are there, and builds anew. */
async function take(files) {
  const { kept, passed } = readable(files);
  if (kept.length === 0) return say(`Nothing to read among ${counted(files.length, "file")}: expected .yaml, .json, .md or .txt.`);
  for (const file of await contents(kept)) given.set(file.path, file);
  await rebuild(passed);
}

async function rebuild(passed = []) {
  const [call, files] = [++building, [...given.values()]];
  say(`Reading ${counted(files.length, "file")}…`);
  try {
    const built = await SkillMesh.build(files);
    if (call === building) open(built, files, passed);
    else built.mesh.free();
  } catch (error) {
    if (call === building) failed(error);
  }
}

function open({ mesh, findings }, files, passed) {
  close();
  opened = [mesh];
  const [{ cards }, { length }] = [mesh.stats(), mesh.snapshot()];
  report(findings, `${counted(cards, "skill")} from ${counted(files.length, "file")}, a snapshot of ${bytes(length)}.${also(passed)}`);
  view.download.disabled = false;
  const state = { q: "", mode: "auto", k: 3, provider: "claude", any: true };
  playground(freshPlayground(), { mesh, meaning: meaningOf(files), state, follow: false, isTuned: false });
  say("");
}

function close() {
  for (const mesh of opened.splice(0)) mesh.free();
}

function freshPlayground() {
  const fresh = playgroundMarkup.cloneNode(true);
  view.playground.replaceWith(fresh);
  view.playground = fresh;
  fresh.hidden = false;
  return fresh;
}

// Meaning.

const SAYS = {
  asking: `Meaning needs a model of ${bytes(SIZE)}, which then reads every skill here: a moment for a few, minutes for hundreds.`,
  opening: "Keywords now; the model is reading your skills…",
};

/** Files are read by the model only once somebody has said so, from then on each time that there are others. */
let isWanted = false;
const consent = { isGiven: () => isWanted, give: () => (isWanted = true) };

/** The model, fetched once. */
let model;
function embedder(onProgress) {
  model ??= Embedder.load(MODEL, { cache: CACHE, onProgress });
  model.catch(() => (model = undefined));
  return model;
}

function meaningOf(files) {
  const call = building;
  return startMeaning(async (onProgress) => {
    const { mesh, embedded } = await SkillMesh.build(files, { model: embedder(onProgress) });
    if (call === building) opened.push(mesh);
    else mesh.free();
    await embedded;
    return mesh;
  }, { consent, says: SAYS });
}

// What was read.

function also({ length }) {
  return length ? ` ${counted(length, "file")} of other kinds ${length === 1 ? "was" : "were"} passed over.` : "";
}

function failed(error) {
  say(`No snapshot could be made: ${error.message}`);
  view.state.append(" ", button("Try again", () => rebuild()));
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
  close();
  [view.report.hidden, view.playground.hidden] = [true, true];
  say("");
  view.files.focus();
}

function download() {
  const address = URL.createObjectURL(new Blob([opened.at(-1).snapshot()], { type: "application/vnd.msgpack" }));
  h("a", { href: address, download: "registry.msgpack" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function paste(event) {
  event.preventDefault();
  const area = view.paste.querySelector("textarea");
  const text = area.value.trim();
  if (!text) return area.focus();
  const path = named(text, given.size + 1);
  given.set(path, { path, text });
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
listen();
keepOffline();
