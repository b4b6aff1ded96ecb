// How is an answer drawn? Hits, how sure they are, every skill's bar, and the block; the same nodes from the first answer to the last.

import { cardView } from "./card.js";
import { button, h, speaker } from "./dom.js";
import { legs, wordsShare } from "./legs.js";
import { anchored, arrange, held, isSettling, settled } from "./settle.js";
import { strip } from "./strip.js";
import { reason, spoken, verdict } from "./verdict.js";

/** Draws answers of `mesh` into `view`; `showAll` asks for what was withheld. */
export function board(view, mesh, { isTuned, showAll }) {
  const ids = mesh.cards().map(({ id }) => id);
  const here = {
    view, isTuned, showAll, count: ids.length, shown: [], latest: null,
    speak: speaker(view.status), drawBars: strip(view.bars, ids), viewOf: views((id) => mesh.card(id)),
  };
  return {
    count: ids.length,
    block: () => here.latest?.emitted ?? "",
    show: (answer, waiting) => (answer ? showAnswer(here, answer, waiting) : showNothing(here, WAITING)),
    clear: () => (showNothing(here, UNASKED), showCaption(here, `${here.count} skills, a bar for each.`), here.speak("")),
    fail: (error) => view.verdict.replaceChildren(h("p", { class: "error", role: "alert" }, `This could not be answered: ${error.message}`)),
  };
}

const WAITING = ["Meaning has not arrived yet.", "The answer comes with it; keywords answer at once."];
const UNASKED = ["Describe a task above."];

/** The view of a card, made once. */
function views(cardOf) {
  const known = new Map();
  return (id) => {
    if (!known.has(id)) known.set(id, cardView(id, cardOf));
    return known.get(id);
  };
}

function showAnswer(here, answer, waiting) {
  const [nodes, best] = [here.shown.map((id) => here.viewOf(id).node), answer.hits.map(({ id }) => id)];
  const kept = isSettling(here.latest, answer) ? held(nodes) : 0;
  here.latest = answer;
  anchored(nodes[kept - 1], () => {
    showHits(here, settled(here.shown, best, kept), waiting);
    showVerdict(here, waiting, kept > 0 && here.shown.join() !== best.join());
  });
  showBars(here, answer);
  showBlock(here, best.length ? answer.emitted : "");
}

/** Cards for these ids, each with what the answer says of it. */
function showHits(here, ids, waiting) {
  const { query, mode, hits, all } = here.latest;
  const found = ids.map((id) => [...hits, ...all].find((hit) => hit.id === id)).filter(Boolean);
  const values = found.flatMap((hit) => Object.values(legs(hit, mode))).map((leg) => leg?.value ?? 0);
  const context = { query, mode, scale: Math.max(...values, Number.EPSILON), waiting };
  found.forEach((hit, i) => here.viewOf(hit.id).show(hit, { ...context, rank: i + 1 }));
  arrangeCards(here, found.map(({ id }) => id));
}

function arrangeCards(here, ids) {
  here.shown = ids;
  arrange(here.view.cards, ids.map((id) => here.viewOf(id).node));
}

function showVerdict(here, waiting, isKept) {
  const { view, latest, isTuned } = here;
  const [isEmpty, says] = [here.shown.length === 0, reason(latest, here.count)];
  view.verdict.replaceChildren(...verdict(latest, { isTuned, isEmpty }));
  view.kept.replaceChildren(...(isKept ? keptNote(here) : []));
  view.kept.hidden = !isKept;
  view.nothing.hidden = !isEmpty;
  if (isEmpty) view.nothing.replaceChildren(...nothingNodes(here, says, waiting));
  here.speak(spoken(latest, says, isTuned));
}

/** What was pointed at stayed; whoever wants the better order gets it. Below the list, where it moves nothing. */
function keptNote(here) {
  const order = button("Show the best order", () => {
    showHits(here, here.latest.hits.map(({ id }) => id), false);
    showVerdict(here, false, false);
  }, "link");
  return ["Meaning has joined. What you point at stayed in its place. ", order];
}

function nothingNodes({ latest, showAll }, [says, more], waiting) {
  const nodes = nothingSaid(says, waiting ? "Meaning is on its way and may still find one." : more);
  return latest.reason === "low-confidence" ? [...nodes, button("Show the closest anyway", showAll)] : nodes;
}

const nothingSaid = (says, more) => [h("p", { class: "says" }, says), more ? h("p", {}, more) : ""];

/** There is no answer, for a reason that is no answer's. */
function showNothing(here, says) {
  const { view } = here;
  here.latest = null;
  arrangeCards(here, []);
  view.verdict.replaceChildren();
  [view.kept.hidden, view.nothing.hidden] = [true, false];
  view.nothing.replaceChildren(...nothingSaid(...says));
  here.drawBars([], []);
  showBlock(here, "");
}

function showBars(here, { all, hits, mode }) {
  here.drawBars(all, hits.map((hit) => ({ id: hit.id, words: wordsShare(hit, mode) })));
  showCaption(here, ...caption(hits.length, here.count));
}

function showCaption({ view }, ...nodes) {
  view.caption.replaceChildren(...nodes);
}

function caption(found, count) {
  const lit = found === 0 ? "none stands out." : `${found === 1 ? "the one" : `the ${found}`} shown in colour:`;
  const legend = (kind, name) => [h("span", { class: `legend ${kind}` }), name];
  const says = `${count} skills, a bar for each, as high as its score; ${lit}`;
  return [says, ...(found === 0 ? [] : [...legend("keyword", "words"), ...legend("meaning", "meaning")])];
}

function showBlock({ view, latest }, text) {
  const nothing = latest ? "Nothing: no skill was sure enough, so the agent gets no block." : "The block that the agent reads before its task.";
  view.emitted.textContent = text || nothing;
  view.emitted.classList.toggle("absent", !text);
  view.copy.disabled = !text;
}
