// Search over the project's own documents, on a page of its own.

import { DocSearch } from "skillmesh";
import { asking, timed } from "../asking.js";
import { DOCS } from "../data.js";
import { button, h, marked, parts, speaker } from "../dom.js";
import { inWorker } from "../in-worker.js";
import { meaning as startMeaning } from "../meaning.js";
import { meaningRow } from "../meaning-row.js";
import { keepOffline } from "../offline.js";
import { arrange, held, isSettling, settled } from "../settle.js";
import { counted, milliseconds } from "../words.js";
import { common } from "../common.js";

const view = parts(document.getElementById("main"));
const field = view.form.querySelector("input");
const meaning = startMeaning((onProgress) => inWorker(DocSearch, DOCS.whole, onProgress));
const speak = speaker(view.status);
const LIMIT = 8;
let shown = [];
let latest = null;

async function start() {
  const answered = (search, query, mode) => timed(() => search.search(query, { limit: LIMIT, mode }));
  const asked = asking({ words: await DocSearch.load(DOCS.words), meaning, answered, show, fail });
  field.addEventListener("input", () => typed(asked));
  typed(asked);
  keepOffline(meaning);
}

function typed({ ask, cancel }) {
  const query = field.value.trim();
  history.replaceState(null, "", query ? `?${new URLSearchParams({ q: query })}` : location.pathname);
  if (!query) return clear(cancel());
  meaning.want();
  ask(query, "auto");
}

function clear() {
  [shown, latest] = [[], null];
  view.pages.replaceChildren();
  [view.pages.hidden, view.shelf.hidden, view.state.textContent] = [true, false, ""];
  speak("");
}

function show(answer, waiting) {
  const fresh = new Map(answer.pages.map((page) => [page.path, page]));
  const kept = isSettling(latest, answer) ? held(shown.map(({ node }) => node)) : 0;
  const before = new Map(shown.map((one) => [one.path, one]));
  const paths = settled([...before.keys()], [...fresh.keys()], kept);
  shown = paths.map((path, i) => (i < kept ? before.get(path) : { path, node: pageNode(fresh.get(path)) }));
  latest = answer;
  arrange(view.pages, shown.map(({ node }) => node));
  [view.pages.hidden, view.shelf.hidden] = [shown.length === 0, true];
  view.state.textContent = says(answer, waiting);
  speak(view.state.textContent);
}

function says({ query, total, mode, took }, waiting) {
  const legs = mode === "sparse" ? "keywords" : "keywords and meaning";
  if (shown.length === 0 && waiting) return `No page has the words “${query}”; meaning is on its way.`;
  if (shown.length === 0) return `Nothing found for “${query}”. Try fewer words, or other ones.`;
  return `${counted(total, "page")} by ${legs} in ${milliseconds(took)}`;
}

function pageNode({ title, url, sections }) {
  const own = ({ url: to, headings }) => headings.length < 2 || !to.includes("#");
  const lead = sections.find(own);
  const below = sections.filter((section) => !own(section)).map(sectionNode);
  const head = h("h2", {}, h("a", { href: address(url) }, title.split(" | SkillMesh")[0]));
  const text = lead ? h("p", { class: "snippet" }, ...marked(lead.snippet)) : null;
  return h("li", { class: "page" }, head, text, below.length ? h("ul", {}, ...below) : null);
}

function sectionNode({ headings, url, snippet }) {
  const name = headings.slice(1).join(" › ") || headings[0];
  return h("li", {}, h("a", { href: address(url) }, name), h("p", { class: "snippet" }, ...marked(snippet)));
}

/** Snapshots may hold anything: what is no page of this site leads nowhere. */
function address(url) {
  const to = new URL(url, location.href);
  return to.origin === location.origin ? to.href : false;
}

function fail(error) {
  view.state.textContent = `This could not be answered: ${error.message}`;
}

function failed(error) {
  const again = button("Try again", () => (view.state.replaceChildren(), start().catch(failed)));
  view.state.replaceChildren(`The search could not be loaded: ${error.message} `, again);
}

/** The box above comes when nothing else is waited for. */
async function addSearchBox() {
  const { searchBox } = await import("../search-box.js");
  searchBox();
}

common();
meaningRow(view.meaning, meaning);
view.form.addEventListener("submit", (event) => event.preventDefault());
field.value ||= new URLSearchParams(location.search).get("q") ?? "";
start().catch(failed).finally(addSearchBox);
