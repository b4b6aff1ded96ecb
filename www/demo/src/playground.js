// What does a playground do? It asks a mesh what somebody types, and has it drawn how the answer came about.

import { toAddress } from "./address.js";
import { asking, timed } from "./asking.js";
import { copying } from "./copy.js";
import { board } from "./board.js";
import { parts } from "./dom.js";
import { meaningRow } from "./meaning-row.js";

/** Answers that are less sure are withheld, unless somebody wants to see them. */
const SURE_ENOUGH = "medium";

/**
 * Brings the markup of `root` to life. `mesh` answers by words, what `meaning` brings answers by meaning. `state` is what is asked at first;
 * `follow` says whether the address follows, `eager` whether the first question already is worth a model, and `isTuned` whether the
 * snapshot's own questions tell how sure its answers are; where they do not, nothing is withheld for being unsure.
 */
export function playground(root, { mesh, meaning, state, follow = true, eager = true, isTuned = true }) {
  const view = parts(root);
  const drawn = board(view, mesh, { isTuned, showAll: () => change({ any: true }) });
  const answered = (search, query, mode) => wholeAnswer(search, query, mode, state, drawn.count);
  const { ask, cancel } = asking({ words: mesh, meaning, answered, show: drawn.show, fail: drawn.fail });

  function change(more, wants = true) {
    Object.assign(state, more);
    if (follow) toAddress(state);
    if (!state.q.trim()) return drawn.clear(cancel());
    if (wants && state.mode !== "sparse") meaning.want();
    ask(state.q, state.mode);
  }

  fill(root, view, state);
  meaningRow(view.meaning, meaning);
  copying(view.copy, drawn.block, view.copied);
  listenToQuestions(view.form, (q) => change({ q, any: !isTuned }));
  listenToChoices(root, change);
  change({}, eager);
}

/** Everything that is shown of one answer, asked at once. */
async function wholeAnswer(search, query, mode, { k, any, provider }, count) {
  const asked = { mode, topK: k, minConfidence: any ? undefined : SURE_ENOUGH };
  const answer = await timed(() => search.retrieve(query, asked));
  const [{ hits }, emitted] = await Promise.all([search.retrieve(query, { mode, topK: count }), search.emit(provider, query, asked)]);
  return { ...answer, all: hits, emitted };
}

function listenToQuestions(form, ask) {
  const field = form.querySelector("input");
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => ask(field.value));
  for (const example of form.querySelectorAll(".example")) {
    example.addEventListener("click", () => ask((field.value = example.textContent)));
  }
}

function listenToChoices(root, change) {
  root.addEventListener("change", ({ target: { name, value } }) => {
    if (name === "k") change({ k: Number(value) });
    else if (["mode", "provider"].includes(name)) change({ [name]: value });
  });
}

function fill(root, view, state) {
  view.form.querySelector("input").value = state.q;
  view.k.value = String(state.k);
  for (const name of ["mode", "provider"]) root.querySelector(`[name=${name}][value=${state[name]}]`).checked = true;
}
