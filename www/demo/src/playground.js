// What does a playground do? It asks a mesh what somebody types, and draws how the answer came about.

import { toAddress } from "./address.js";
import { asking } from "./asking.js";
import { cardView } from "./card.js";
import { copying } from "./copy.js";
import { button, h, parts, speaker } from "./dom.js";
import { legs, wordsShare } from "./legs.js";
import { meaningRow } from "./meaning-row.js";
import { anchored, arrange, held, settled } from "./settle.js";
import { strip } from "./strip.js";
import { reason, spoken, verdict } from "./verdict.js";

/** Answers that are less sure are withheld, unless somebody wants to see them. */
const SURE_ENOUGH = "medium";

/**
 * Brings the markup of `root` to life. `state` is what is asked at first; `follow` says whether the address follows, and `eager` whether
 * the first question already is worth a model, and `isTuned` whether the snapshot's own questions tell how sure its answers are;
 * where they do not, nothing is withheld for being unsure.
 */
export function playground(root, { mesh, meaning, state, follow = true, eager = true, isTuned = true }) {
  const view = parts(root);
  const { model, cards: count } = mesh.stats();
  const speak = speaker(view.status);
  const known = new Map();
  const drawBars = strip(view.bars, mesh.cards().map(({ id }) => id));
  let shown = [];
  let latest = null;

  const { ask, cancel } = asking({
    meaning, show, fail,
    parts: (query) => mesh.queryParts(query),
    byWords: (query) => answered(query, { mode: "sparse" }),
    byMeaning: (query, mode, { vector, embedding }) => answered(query, { mode: mode === "dense" ? "dense" : "hybrid", vector }, embedding),
  });

  /** Everything that is shown of one answer, asked at once. */
  async function answered(query, legsAsked, embedding = 0) {
    const asked = { ...legsAsked, topK: state.k, minConfidence: state.any ? undefined : SURE_ENOUGH };
    const since = performance.now();
    const answer = await mesh.retrieve(query, asked);
    const took = embedding + performance.now() - since;
    const all = await mesh.retrieve(query, { ...legsAsked, topK: count });
    return { ...answer, took, all: all.hits, emitted: await mesh.emit(state.provider, query, asked) };
  }

  function show(answer, waiting) {
    if (!answer) return showWaiting();
    const { hits } = answer;
    const isSettling = latest?.query === answer.query && latest.mode === "sparse" && answer.mode === "hybrid";
    latest = answer;
    const nodes = shown.map((id) => known.get(id).node);
    const kept = isSettling ? held(nodes) : 0;
    anchored(nodes[kept - 1], () => {
      arrangeHits(settled(shown, hits.map(({ id }) => id), kept), answer, waiting);
      showVerdict(answer, waiting, kept > 0 && shown.join() !== hits.map(({ id }) => id).join());
    });
    drawBars(answer.all, hits.map((hit) => ({ id: hit.id, words: wordsShare(hit, answer.mode) })));
    view.caption.replaceChildren(...caption(hits.length, count));
    showBlock(hits.length ? answer.emitted : "");
  }

  /** Cards for these ids, each with what the answer says of it. */
  function arrangeHits(ids, answer, waiting) {
    const of = (id) => answer.hits.find((hit) => hit.id === id) ?? answer.all.find((hit) => hit.id === id);
    const hits = ids.map(of).filter(Boolean);
    const values = hits.flatMap((hit) => Object.values(legs(hit, answer.mode))).map((leg) => leg?.value ?? 0);
    const context = { query: answer.query, mode: answer.mode, scale: Math.max(...values, Number.EPSILON), waiting };
    hits.forEach((hit, i) => viewOf(hit.id).show(hit, { ...context, rank: i + 1 }));
    shown = hits.map(({ id }) => id);
    arrange(view.cards, shown.map((id) => known.get(id).node));
  }

  function viewOf(id) {
    if (!known.has(id)) known.set(id, cardView(id, (of) => mesh.card(of)));
    return known.get(id);
  }

  function showVerdict(answer, waiting, isKept) {
    const nothing = shown.length === 0;
    view.verdict.replaceChildren(...verdict({ ...answer, isTuned, isEmpty: nothing }));
    view.kept.replaceChildren(...(isKept ? keptNote() : []));
    view.kept.hidden = !isKept;
    view.nothing.hidden = !nothing;
    const says = reason(answer, count);
    if (nothing) view.nothing.replaceChildren(...nothingNodes(answer, says, waiting));
    speak(spoken(answer, says));
  }

  /** What was pointed at stayed; whoever wants the better order gets it. Below the list, where it moves nothing. */
  function keptNote() {
    const order = button("Show the best order", () => {
      arrangeHits(latest.hits.map(({ id }) => id), latest, false);
      showVerdict(latest, false, false);
    }, "link");
    return ["Meaning has joined. What you point at stayed in its place. ", order];
  }

  function nothingNodes({ reason: why }, [says, more], waiting) {
    const nodes = [h("p", { class: "says" }, says), h("p", {}, waiting ? "Meaning is on its way and may still find one." : more)];
    if (why === "low-confidence") nodes.push(button("Show the closest anyway", () => change({ any: true })));
    return nodes;
  }

  function showWaiting() {
    arrange(view.cards, (shown = []));
    latest = null;
    view.verdict.replaceChildren();
    [view.kept.hidden, view.nothing.hidden] = [true, false];
    const more = h("p", {}, "The answer comes with it; keywords answer at once.");
    view.nothing.replaceChildren(h("p", { class: "says" }, "Meaning has not arrived yet."), more);
    drawBars([], []);
    showBlock("");
  }

  function showBlock(text) {
    view.emitted.textContent = text || "Nothing: no skill was sure enough, so the agent gets no block.";
    view.emitted.classList.toggle("absent", !text);
    view.copy.disabled = !text;
  }

  function showNothingAsked() {
    cancel();
    arrange(view.cards, (shown = []));
    latest = null;
    view.verdict.replaceChildren();
    [view.kept.hidden, view.nothing.hidden] = [true, false];
    view.nothing.replaceChildren(h("p", { class: "says" }, "Describe a task above."));
    drawBars([], []);
    view.caption.replaceChildren(`${count} skills, a bar for each.`);
    showBlock("");
    speak("");
  }

  function fail(error) {
    view.verdict.replaceChildren(h("p", { class: "error", role: "alert" }, `This could not be answered: ${error.message}`));
  }

  function change(more, wants = true) {
    Object.assign(state, more);
    if (follow) toAddress(state);
    if (!state.q.trim()) return showNothingAsked();
    if (wants && model && state.mode !== "sparse") meaning.want();
    ask(state.q, model ? state.mode : "sparse");
  }

  function listen() {
    const field = view.form.querySelector("input");
    view.form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", () => change({ q: field.value, any: !isTuned }));
    for (const example of view.form.querySelectorAll(".example")) {
      example.addEventListener("click", () => change({ q: (field.value = example.textContent), any: !isTuned }));
    }
    root.addEventListener("change", ({ target }) => {
      if (target.name === "k") change({ k: Number(target.value) });
      else if (["mode", "provider"].includes(target.name)) change({ [target.name]: target.value });
    });
    copying(view.copy, () => latest?.emitted ?? "", view.copied);
  }

  function fill() {
    view.form.querySelector("input").value = state.q;
    view.k.value = String(state.k);
    for (const name of ["mode", "provider"]) root.querySelector(`[name=${name}][value=${state[name]}]`).checked = true;
    root.querySelector(".choice:has([name=mode])").hidden = !model;
    view.meaning.hidden = !model;
    if (model) meaningRow(view.meaning, meaning);
  }

  fill();
  listen();
  change({}, eager);
}

function caption(found, count) {
  const lit = found === 0 ? "none stands out." : `${found === 1 ? "the one" : `the ${found}`} shown in colour:`;
  const legend = (kind, name) => [h("span", { class: `legend ${kind}` }), name];
  const says = `${count} skills, a bar for each, as high as its score; ${lit}`;
  return [says, ...(found === 0 ? [] : [...legend("keyword", "words"), ...legend("meaning", "meaning")])];
}
