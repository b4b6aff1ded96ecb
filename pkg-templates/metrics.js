// Which skills were used here, and how did they do? Gathered in memory, and given in the form that `skillmesh metrics collect` reads.

import { refused } from "./error.js";
import { expected, isObject } from "./expected.js";

/** The oldest uses beyond these are left out, and counted. */
const KEPT = 10_000;

/** What the collector's numbers hold. */
const LARGEST_RANK = 2 ** 31 - 1;
const LONGEST_MS = 1e11;
/** ISO 8601 writes these times with four digits for the year, whatever the zone. */
const [FIRST_MS, LAST_MS] = [Date.parse("0001-01-01"), Date.parse("9999-12-30")];

const text = ["a text", (value) => typeof value === "string" && value.trim() !== ""];
const texts = ["a list of texts", (value) => Array.isArray(value) && value.every((one) => typeof one === "string")];
const isTime = (value) => (typeof value === "number" || value instanceof Date) && value >= FIRST_MS && value <= LAST_MS;
const isDuration = (value) => typeof value === "number" && value >= 0 && value < LONGEST_MS;
const isRank = (value) => Number.isInteger(value) && value >= 1 && value <= LARGEST_RANK;
const same = (value) => value;
/** Half of a character, as a cut text may end with, is nothing that JSON can be read with. */
const whole = (value) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(value));

/** What is told of a use: the name in the file, what it may be, and how it is written there. */
const FIELDS = {
  skill: ["skill_name", text, whole],
  invokedAt: ["invoked_at", ["a Date, or milliseconds since 1970", isTime], (value) => new Date(value).toISOString()],
  durationMs: ["duration_seconds", ["milliseconds, from 0 to 10¹¹", isDuration], (value) => value / 1000],
  success: ["completed", ["true or false", (value) => typeof value === "boolean"], same],
  errorType: ["error_type", text, whole],
  sessionId: ["session_id", text, whole],
  workflowPath: ["workflow_path", text, whole],
  query: ["user_query", text, whole],
  alternatives: ["alternatives_considered", texts, (value) => value.map(whole)],
  selectionRank: ["selection_rank", ["a whole number from 1 on", isRank], same],
  followUpActions: ["follow_up_actions", texts, (value) => value.map(whole)],
};

export class SkillMetrics {
  #uses = [];
  #leftOut = 0;

  /** Notes a use of a skill; `invokedAt` is now unless it is said, and what has an `errorType` did not succeed. */
  record(use) {
    expected("use", "an object such as { skill, success }", use, isObject(use));
    const told = { ...use, invokedAt: use.invokedAt ?? Date.now(), success: use.success ?? (use.errorType ? false : undefined) };
    if (told.skill == null) throw refused(`use.skill: expected the skill's id, got ${told.skill}`);
    if (told.success && told.errorType) throw refused("use.errorType: expected none, since `success` is true; leave one of them out");
    this.#uses.push(Object.fromEntries([["id", newId()], ...Object.entries(told).flatMap(field)]));
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

/** By which the collector knows the use, wherever it reads of it. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function field([name, value]) {
  if (value === undefined || value === null) return [];
  if (!Object.hasOwn(FIELDS, name)) throw refused(`use: there is no field \`${name}\`; expected ${Object.keys(FIELDS).join(", ")}`);
  const [key, [what, isGood], written] = FIELDS[name];
  expected(`use.${name}`, what, value, isGood(value));
  return [[key, written(value)]];
}
