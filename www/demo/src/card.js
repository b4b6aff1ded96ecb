// How does a hit look? The same node from its first answer to its last, so that what changes does not move the rest.

import { h, marked } from "./dom.js";
import { legs, telling } from "./legs.js";

const FIELDS = { tool_hints: "tool hints", body: "instructions" };
const field = (name) => FIELDS[name] ?? name;

/** Chips that are shown at most. */
const CHIPS = 5;

/** A card for a hit's id; `show` puts an answer into it. `card` gives the whole card once somebody asks for it. */
export function cardView(id, wholeCard) {
  const part = (name, kind, ...children) => h(name, { class: kind }, ...children);
  const parts = {
    rank: h("span", { class: "rank", "aria-hidden": "true" }), title: part("h3", "title"), id: part("code", "id", id), domain: part("span", "domain"),
    score: part("span", "score"), snippet: part("p", "snippet"), keyword: leg("keyword", "Keywords"), meaning: leg("meaning", "Meaning"),
    terms: h("ul", { class: "terms", "aria-label": "Words that matched" }), more: more(() => wholeCard(id)),
  };
  const head = part("header", "", parts.rank, part("div", "name", parts.title, part("p", "meta", parts.id, parts.domain)), parts.score);
  const drawn = part("dl", "legs", ...parts.keyword.nodes, ...parts.meaning.nodes);
  const node = h("li", { class: "card", "data-id": id }, head, parts.snippet, drawn, parts.terms, parts.more);
  return { id, node, show: (hit, context) => show(parts, hit, context) };
}

function leg(kind, name) {
  const [bar, value] = [h("i", { class: `fill ${kind}` }), h("span", { class: "value" })];
  return { bar, value, nodes: [h("dt", {}, name), h("dd", {}, h("span", { class: "track", "aria-hidden": "true" }, bar), value)] };
}

function show(parts, hit, { query, mode, scale, rank, waiting }) {
  parts.rank.textContent = String(rank);
  parts.title.textContent = hit.title;
  parts.domain.textContent = hit.domain.replaceAll("_", " ");
  parts.score.replaceChildren(h("span", { class: "unseen" }, "Score "), hit.score.toFixed(2));
  parts.snippet.replaceChildren(...marked(hit.snippet));
  const { keyword, meaning } = legs(hit, mode);
  showLeg(parts.keyword, keyword, scale, "not asked");
  showLeg(parts.meaning, meaning, scale, waiting ? "on its way" : "not here yet");
  showTerms(parts.terms, hit, query);
}

function showLeg({ bar, value }, leg, scale, absent) {
  bar.style.setProperty("--share", String(leg ? Math.max(leg.value, 0) / scale : 0));
  const none = leg && leg.rank === undefined;
  value.textContent = !leg ? absent : none ? "nothing shared" : `${leg.value.toFixed(2)}, rank ${leg.rank}`;
  value.classList.toggle("absent", !leg || none);
}

function showTerms(list, hit, query) {
  const { terms, weak } = telling(hit, query);
  const shown = terms.slice(0, CHIPS).map(({ word, fields }) => chip(word, fields.map(field)));
  const rest = terms.length - shown.length + weak;
  if (rest > 0) shown.push(h("li", { class: "rest" }, shown.length ? `and ${rest} lesser` : `${rest} lesser words`));
  list.replaceChildren(...(shown.length ? shown : [h("li", { class: "rest" }, "No word of yours stands in it: found by meaning alone.")]));
}

function chip(word, fields) {
  const named = fields.slice(0, 2).join(", ") + (fields.length > 2 ? ` +${fields.length - 2}` : "");
  return h("li", { class: "chip", title: `${word}: ${fields.join(", ")}` }, h("b", {}, word), h("span", {}, named));
}

/** The card itself, written out when somebody opens it. */
function more(wholeCard) {
  const body = h("div", { class: "whole" });
  const node = h("details", { class: "more" }, h("summary", {}, "The card"), body);
  node.addEventListener("toggle", () => node.open && body.replaceChildren(...whole(wholeCard())));
  return node;
}

function whole(card) {
  const lists = [["Tags", card?.tags], ["Asked for as", card?.examples?.slice(0, 3)], ["Gives", card?.output_artifacts]];
  const line = ([name, values]) => (values?.length ? h("p", {}, h("b", {}, `${name}: `), values.join("; ")) : null);
  const text = card?.instruction_text;
  const body = text ? h("pre", { tabindex: "0", role: "group", "aria-label": "Instructions" }, text) : null;
  return [h("p", {}, card?.description ?? ""), ...lists.map(line), body].filter(Boolean);
}
