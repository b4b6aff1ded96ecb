// Which questions are asked?
//
// Short ones as a person types them, and long ones as an agent hands them over: whole task descriptions from a file of
// `{"id", "text"}` lines.
import { existsSync, readFileSync } from "node:fs";
import { rotateList } from "./rounds.mjs";

const short = JSON.parse(readFileSync(new URL("./short-queries.json", import.meta.url), "utf8"));

export const { warmUp, measured: shortQueries } = short;

/** The long queries, or nothing when the file is not there. */
export function longQueries(path) {
  if (!path || !existsSync(path)) return [];
  return readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line).text);
}

/** The same words from another start: equal work, but no cache of earlier texts can answer. */
export function rotate(text, by) {
  return rotateList(text.split(/\s+/), by).join(" ");
}
