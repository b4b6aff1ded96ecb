// Which skills does a task need, and what came of those it got? The steps between JavaScript's part and wasm's.

import { guarded } from "./error.js";
import { expected } from "./expected.js";
import { checkKnown, checkSignal, kept } from "./options.js";
import { ask, questions, tell } from "./session.js";

/** What wasm said of skills: the answer, and the same in Markdown. */
function told([markdown, answer]) {
  return { ...answer, markdown };
}

/** The options for wasm; feedback counts as of `now`, where `feedback` says so. */
export function asOf(options, byDefault = true) {
  const { feedback = byDefault, now = Date.now(), ...asked } = kept(options);
  expected("feedback", "true or false", feedback, typeof feedback === "boolean");
  return feedback ? { ...asked, now } : asked;
}

/** Skills by `method`, which is discover or suggest. */
export async function search(opened, method, text, options) {
  const asked = asOf(options);
  const [{ core, vector }] = await questions([opened, text, options]);
  return told(ask(core, method, text, asked, vector));
}

/** All skills for a task; those that should be loaded now are, where there is a `load`. */
export async function autoRoute(opened, task, options) {
  const { load, loaded, ...plain } = options ?? {};
  expected("load", "a function of a skill's id", load, load === undefined || typeof load === "function");
  expected("loaded", "ids", loaded, loaded == null || (typeof loaded !== "string" && typeof loaded[Symbol.iterator] === "function"));
  const asked = asOf({ ...plain, loaded: loaded && [...loaded] });
  const [{ core, vector }] = await questions([opened, task, plain]);
  const plan = tell(core, "autoRoute", task, asked, vector);
  try {
    const { arrived, failed } = await loadAll(load ? plan.toLoad : [], load, plain.signal);
    return { ...told(JSON.parse(guarded(() => plan.told(arrived)))), failed };
  } finally {
    plan.free();
  }
}

/** Loads one skill after the other; one that fails does not keep the others back. */
async function loadAll(ids, load, signal) {
  const arrived = [];
  const failed = [];
  for (const id of ids) {
    checkSignal(signal);
    try {
      await load(id);
      arrived.push(id);
    } catch (error) {
      failed.push({ id, error });
    }
  }
  return { arrived, failed };
}

/** The route of a task: found before, by its words and then by its meaning; else by `llm`; else by retrieval. */
export async function route(opened, task, options) {
  const { llm, ...plain } = options ?? {};
  expected("llm", "a function of a task", llm, llm === undefined || typeof llm === "function");
  const { mode = "auto", vector: given, signal } = plain;
  checkSignal(signal);
  const asked = { ...asOf(plain), llm: llm !== undefined };
  const awaitsVector = mode !== "sparse" && (given != null || opened.model !== null);
  const known = opened.ask("lookup", task, { ...asked, semantic: awaitsVector }, opened.directions(given));
  if (known) return told(known);
  const [first] = await questions([opened, task, plain]);
  const meant = first.vector && ask(first.core, "lookup", task, { ...asked, semantic: true }, first.vector);
  if (meant) return told(meant);
  const { clears } = opened.ask("cacheStats");
  const said = llm && answer(await llm(task, { signal }));
  checkSignal(signal);
  // The snapshot and its model may have been replaced while `llm` ran.
  const { core, vector } = opened.core() === first.core ? first : (await questions([opened, task, plain]))[0];
  const keep = opened.ask("cacheStats").clears === clears;
  return told(ask(core, "finish", task, { ...asked, semantic: vector !== undefined, keep }, vector, said));
}

/** What `llm` said, as far as it counts. */
function answer(said) {
  if (said === undefined || said === null) return undefined;
  const { selected_skills, confidence, mission_brief, reasoning } = said;
  return kept({ selected_skills, confidence, mission_brief, reasoning });
}

const OUTCOME = ["query", "vector", "skill", "success", "now"];

/** Remembers how a skill did for a query. */
export async function recordOutcome(opened, outcome) {
  checkKnown(outcome, OUTCOME);
  const { query, vector: given, skill, success } = outcome ?? {};
  const now = outcome?.now ?? Date.now();
  expected("skill", "an id", skill, typeof skill === "string");
  expected("success", "true or false", success, typeof success === "boolean");
  expected("now", "milliseconds since 1970", now, typeof now === "number");
  const [{ core, vector }] = await questions([opened, query, { vector: given }]);
  tell(core, "recordOutcome", query, vector, skill, success, now);
}
