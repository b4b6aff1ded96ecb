// What does SkillMesh cost on this machine? Every figure is measured when somebody asks for it.

import coreAddress from "skillmesh/skillmesh_bg.wasm?url";
import embedAddress from "skillmesh/skillmesh_embed_bg.wasm?url";
import questionsAddress from "../../.stage/data/questions.json?url";
import workerAddress from "../measure-worker.js?worker&url";
import { isCostly } from "../consent.js";
import { copying } from "../copy.js";
import { MODEL, REGISTRY, SIZE, absolute, place } from "../data.js";
import { h, parts } from "../dom.js";
import { keepOffline } from "../offline.js";
import { trusted } from "../trusted.js";
import { bytes, milliseconds } from "../words.js";
import { common } from "../common.js";

const view = parts(document.getElementById("main"));
const wasm = { core: absolute(coreAddress), embed: absolute(embedAddress) };
const files = { ...wasm, model: place(MODEL), snapshot: REGISTRY.words, vectors: place(REGISTRY.whole) };

/** Runs that were measured since the page was opened, the last one last. */
const runs = [];

async function measure() {
  const run = { files: [], steps: [], queries: [], heap: null };
  view.measure.disabled = true;
  try {
    const questions = await (await fetch(questionsAddress)).json();
    const given = { files, questions, withModel: view.withModel.checked, anew: view.anew.checked };
    await runInWorker(given, (said) => {
      take(run, said);
      draw([...runs, run]);
    });
    run.page = await pageMemory();
    runs.push(run);
    say(runs.length === 1 ? "Measured once." : `Measured ${runs.length} times; the figures are of the last run, with the range of all.`);
    draw(runs);
    view.copy.disabled = false;
  } catch (error) {
    say(`Not measured: ${error.message}`);
  } finally {
    view.measure.disabled = false;
    view.measure.textContent = runs.length ? "Measure again" : "Measure";
  }
}

function runInWorker(given, tell) {
  const worker = new Worker(trusted(workerAddress), { type: "module" });
  const ended = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.error) return reject(new Error(data.error));
      tell(data);
      if (data.done) resolve();
    };
    worker.onerror = (event) => reject(new Error(event.message || "the worker could not be started"));
  });
  worker.postMessage(given);
  return ended.finally(() => worker.terminate());
}

function take(run, { file, step, queries, done }) {
  if (file) run.files.push(file);
  if (step) run.steps.push(step);
  if (queries) run.queries.push({ ...queries, ...quantiles(queries.times) });
  if (done) run.heap = done.heap;
  if (queries) say(`Asked ${queries.times.length} questions by ${queries.name}…`);
  else if (step ?? file) say(`${(step ?? file).name}…`);
}

function quantiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p95: at(0.95), count: times.length };
}

/** What the browser tells of memory; most tell nothing. */
async function pageMemory() {
  if (!crossOriginIsolated || !performance.measureUserAgentSpecificMemory) return performance.memory?.usedJSHeapSize ?? null;
  return (await performance.measureUserAgentSpecificMemory()).bytes;
}

// Tables, as they are shown and as they are copied.

const size = (count) => (count === null ? "not told" : bytes(count));

/** Over the network: the browser says nothing, or nothing came because it was kept. */
const transferred = ({ transferred, encoded }) => (transferred === 0 && encoded > 0 ? "from the cache" : size(transferred));

/** The last run's value, and the range of all where there are several. */
function ranged(all, value) {
  const values = all.map(value).filter((one) => one !== undefined);
  const last = values.at(-1);
  if (last === undefined) return "";
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.length > 1 ? `${milliseconds(last)} (${milliseconds(low)} to ${milliseconds(high)})` : milliseconds(last);
}

function tables(all) {
  const run = all.at(-1);
  const stepOf = (name) => (one) => one.steps.find((step) => step.name === name)?.took;
  const queryOf = (name, key) => (one) => one.queries.find((queries) => queries.name === name)?.[key];
  const asked = ({ name, count }) => [name, String(count), ...["p50", "p95"].map((key) => ranged(all, queryOf(name, key)))];
  const fileRow = (file) => [file.name, transferred(file), bytes(file.bytes), milliseconds(file.took)];
  const found = [
    ["Started", ["step", "took"], run.steps.map(({ name }) => [name, ranged(all, stepOf(name))])],
    ["Asked", ["by", "questions", "p50", "p95"], run.queries.map(asked)],
    ["Fetched", ["file", "over the network", "in memory", "took"], run.files.map(fileRow)],
    ["This page itself", ["kind", "files", "over the network"], pageFiles()],
    ["This machine", ["", ""], machine(run)],
  ];
  return found.filter(([, , rows]) => rows.length > 0);
}

/** What the page itself took, by kind. */
function pageFiles() {
  const kinds = Map.groupBy ? Map.groupBy(resources(), ({ kind }) => kind) : new Map([["all", resources()]]);
  return [...kinds].map(([kind, entries]) => [kind, String(entries.length), size(entries.reduce((sum, { sent }) => sum + sent, 0))]);
}

function resources() {
  const kinds = { js: "scripts", css: "styles", woff2: "fonts", svg: "pictures", json: "questions" };
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const kind = ({ name }) => kinds[new URL(name).pathname.split(".").pop()] ?? "page";
  return entries.map((entry) => ({ kind: kind(entry), sent: entry.transferSize ?? 0 }));
}

function browserName() {
  const brands = navigator.userAgentData?.brands?.filter(({ brand }) => !/not.?a.?brand/i.test(brand)) ?? [];
  return brands.map(({ brand, version }) => `${brand} ${version}`).join(", ") || navigator.userAgent;
}

function machine(run) {
  const cores = navigator.hardwareConcurrency;
  const rows = [["browser", browserName()]];
  if (cores) rows.push(["processor cores", String(cores)]);
  if (navigator.deviceMemory) rows.push(["memory of the machine, at least", `${navigator.deviceMemory} GB`]);
  rows.push(["memory of scripts, in the worker", size(run.heap)], ["memory of scripts, in the page", size(run.page ?? null)]);
  return rows;
}

function draw(all) {
  view.measured.replaceChildren(...tables(all).map(tableNode));
}

function tableNode([title, head, rows]) {
  const cell = (kind, text, attributes = {}) => h(kind, attributes, text);
  const body = rows.map(([first, ...rest]) => h("tr", {}, cell("td", first), ...rest.map((text) => cell("td", text))));
  const heads = head.some(Boolean) ? [h("thead", {}, h("tr", {}, ...head.map((text) => cell("th", text, { scope: "col" }))))] : [];
  const table = h("table", {}, ...heads, h("tbody", {}, ...body));
  return h("section", {}, h("h2", {}, title), h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": title }, table));
}

function markdown() {
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const table = ([title, head, rows]) => [`## ${title}`, "", row(head), row(head.map(() => "---")), ...rows.map(row), ""].join("\n");
  return tables(runs).map(table).join("\n");
}

function say(text) {
  view.state.textContent = text;
}

common();
view.price.textContent = `(${bytes(SIZE)})`;
view.withModel.checked = !isCostly();
view.measure.addEventListener("click", measure);
copying(view.copy, markdown, view.state);
keepOffline();
