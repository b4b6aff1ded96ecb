// Which skills does a task need, and what came of those it got? The steps between JavaScript's part and wasm's.

import { SkillMeshError } from "./error.js";
import { kept } from "./session.js";

/** What wasm said of a search for skills: the answer, and the same in Markdown. */
function told([markdown, answer]) {
  return { ...answer, markdown };
}

/** The options for wasm; feedback counts as of `now`, where `feedback` says so. */
export function asOf(options, byDefault = true) {
  const { feedback = byDefault, now = Date.now(), ...asked } = kept(options);
  return feedback ? { ...asked, now } : asked;
}

/** Skills by `method`, which is discover or suggest. */
export async function search(opened, method, text, options) {
  const vector = await opened.vector(text, options ?? {});
  return told(opened.ask(method, text, asOf(options), vector));
}

/** All skills for a task; those that should be loaded now are, where there is a `load`. */
export async function autoRoute(opened, task, given) {
  const { load, loaded, ...options } = given ?? {};
  if (load !== undefined && typeof load !== "function") throw wrong("load", "a function of a skill's id", load);
  const vector = await opened.vector(task, options);
  const asked = { ...asOf(options), loaded: loaded && [...loaded] };
  const plan = told(opened.ask("autoRoute", task, asked, vector));
  if (!load || plan.to_load.length === 0) return { ...plan, failed: [] };
  const { arrived, failed } = await loadAll(plan.to_load, load);
  return { ...told(opened.ask("autoRoute", task, { ...asked, arrived }, vector)), failed };
}

/** Loads one skill after the other; one that fails does not keep the others back. */
async function loadAll(ids, load) {
  const arrived = [];
  const failed = [];
  for (const id of ids) {
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
export async function route(opened, task, asking) {
  const { llm, ...options } = asking ?? {};
  if (llm !== undefined && typeof llm !== "function") throw wrong("llm", "a function of a task", llm);
  const { mode = "auto", vector: given } = options;
  const asked = { ...asOf(options), llm: llm !== undefined, semantic: mode !== "sparse" && (given !== undefined || opened.isSemantic) };
  const known = opened.ask("lookup", opened.checked(task), asked, undefined);
  if (known) return known;
  const vector = (await opened.vector(task, options)) ?? undefined;
  asked.semantic = vector !== undefined;
  const meant = vector && opened.ask("lookup", task, asked, vector);
  return meant || opened.ask("finish", task, asked, vector, await llm?.(task));
}

/** Remembers how a skill did for a query. */
export async function recordOutcome(opened, { query, vector, skill, success, now = Date.now() }) {
  if (typeof skill !== "string") throw wrong("skill", "an id", skill);
  if (typeof success !== "boolean") throw wrong("success", "true or false", success);
  if (typeof now !== "number") throw wrong("now", "milliseconds since 1970", now);
  const meaning = (await opened.vector(query, { vector })) ?? undefined;
  opened.tell("recordOutcome", query, meaning, skill, success, now);
}

function wrong(name, expected, got) {
  return new SkillMeshError("invalid-argument", `${name}: expected ${expected}, got ${typeof got}`);
}
