// Which skills were used here, and how did they do? Gathered in memory, and given in the form that `skillmesh metrics collect` reads.

import { refused } from "./error.js";
import { expected, isObject } from "./expected.js";

/** The oldest uses beyond these are left out, and counted. */
const KEPT = 10_000;

const text = ["a text", (value) => typeof value === "string" && value !== ""];
const texts = ["a list of texts", (value) => Array.isArray(value) && value.every((one) => typeof one === "string")];
const time = ["a Date, or milliseconds since 1970", (value) => Number.isFinite(Number(value)) && (typeof value === "number" || value instanceof Date)];
const isPositive = (value) => Number.isFinite(value) && value >= 0;

/** What is told of a use: the name in the file, and what it may be. */
const FIELDS = {
  skill: ["skill_name", text],
  invokedAt: ["invoked_at", time],
  durationMs: ["duration_ms", ["milliseconds from 0 on", isPositive]],
  success: ["completed", ["true or false", (value) => typeof value === "boolean"]],
  errorType: ["error_type", text],
  sessionId: ["session_id", text],
  workflowPath: ["workflow_path", text],
  query: ["user_query", text],
  alternatives: ["alternatives_considered", texts],
  selectionRank: ["selection_rank", ["a whole number from 1 on", (value) => Number.isInteger(value) && value >= 1]],
  followUpActions: ["follow_up_actions", texts],
};

export class SkillMetrics {
  #uses = [];
  #leftOut = 0;

  /** Notes a use of a skill; `invokedAt` is now unless it is said. */
  record(use) {
    expected("use", "an object such as { skill, success }", use, isObject(use));
    const { invokedAt = Date.now(), ...told } = use;
    if (told.skill === undefined) throw refused("use.skill: expected the skill's id, got undefined");
    this.#uses.push(Object.fromEntries(Object.entries({ ...told, invokedAt }).flatMap(field)));
    if (this.#uses.length > KEPT) this.#leftOut += this.#uses.splice(0, this.#uses.length - KEPT).length;
  }

  /** What was noted, as `.session-buddy/skill_metrics.json` holds it; `left_out` older uses are not in it. */
  export() {
    return { invocations: this.#uses.map((use) => ({ ...use })), left_out: this.#leftOut };
  }

  /** Forgets all; what stays and is exported again counts once all the same. */
  clear() {
    this.#uses = [];
    this.#leftOut = 0;
  }
}

function field([name, value]) {
  if (value === undefined || value === null) return [];
  if (!Object.hasOwn(FIELDS, name)) throw refused(`use: there is no field \`${name}\`; expected ${Object.keys(FIELDS).join(", ")}`);
  const [key, [what, isGood]] = FIELDS[name];
  expected(`use.${name}`, what, value, isGood(value));
  return [[key, name === "invokedAt" ? new Date(value).toISOString() : value]];
}
