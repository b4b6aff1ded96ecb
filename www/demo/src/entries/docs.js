// Search over the project's own documents, on a page of its own.

import { DocSearch } from "skillmesh";
import docs from "../../.stage/data/docs.msgpack?url";
import model from "../../.stage/data/minilm.msgpack?url";
import { asking } from "../asking.js";
import { button, h, marked, parts, speaker } from "../dom.js";
import { meaningRow } from "../meaning-row.js";
import { meaning as startMeaning } from "../meaning.js";
import { searchBox } from "../search-box.js";
import { arrange, held, settled } from "../settle.js";
import { counted, milliseconds } from "../words.js";
import { common } from "./common.js";

const view = parts(document.getElementById("main"));
const field = view.form.querySelector("input");
const meaning = startMeaning();
const speak = speaker(view.status);
const LIMIT = 8;
let shown = [];
let latest = null;

async function start() {
  const search = await DocSearch.load(new URL(docs, document.baseURI));
  const answered = async (query, options, embedding = 0) => {
    const since = performance.now();
    const answer = await search.search(query, { limit: LIMIT, ...options });
    return { ...answer, took: embedding + performance.now() - since };
  };
  const asked = asking({
    meaning, show, fail,
    parts: (query) => search.queryParts(query),
    byWords: (query) => answered(query, { mode: "sparse" }),
    byMeaning: (query, mode, { vector, embedding }) => answered(query, { mode: "hybrid", vector }, embedding),
  });
  field.addEventListener("input", () => typed(asked));
  typed(asked);
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
  const isSettling = latest?.query === answer.query && latest.mode === "sparse" && answer.mode === "hybrid";
  const fresh = new Map(answer.pages.map((page) => [page.path, page]));
  const kept = isSettling ? held(shown.map(({ node }) => node)) : 0;
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

common();
searchBox(docs, model);
meaningRow(view.meaning, meaning);
view.form.addEventListener("submit", (event) => event.preventDefault());
field.value ||= new URLSearchParams(location.search).get("q") ?? "";
start().catch(failed);
