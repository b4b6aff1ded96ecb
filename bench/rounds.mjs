// How are samples taken, so that the machine's noise falls on every engine alike?
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const COLD = fileURLToPath(new URL("./cold.mjs", import.meta.url));

/** Rounds in which every engine has its turn, each round beginning with another one. */
export async function interleave(names, rounds, measure) {
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of rotateList(names, round)) samples[name].push(await measure(name, round));
  }
  return samples;
}

export function rotateList(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** What `cold.mjs` measured in a process that had loaded nothing before. */
export function runCold(...args) {
  return JSON.parse(execFileSync(process.execPath, [COLD, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }));
}
