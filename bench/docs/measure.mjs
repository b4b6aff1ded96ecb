// What does each entrant cost on one site, and what does it answer?
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rotate } from "../queries.mjs";
import { interleave } from "../rounds.mjs";
import { sizesOf } from "../saved.mjs";
import { median } from "../stats.mjs";
import { judge } from "./quality.mjs";

const ROUNDS = 3;

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The whole command, from nothing to files, as a person would wait for it. */
function build({ entrant, out }, site, options) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const [program, ...args] = entrant.command(site, out, options);
  return timed(() => execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] }));
}

async function answersTo(questions, search) {
  const answers = [];
  for (const { text } of questions) answers.push(await search(text));
  return answers;
}

async function answerTimes(search, texts) {
  const times = [];
  for (const text of texts) times.push(await timed(() => search(text)));
  return times;
}

/** Each entrant's times for every question, in other orders of words than were asked before. */
async function queryTimes(searches, questions) {
  const askAll = (search, round) => answerTimes(search, questions.map(({ text }) => rotate(text, round + 1)));
  const rounds = await interleave(Object.keys(searches), ROUNDS, (name, round) => askAll(searches[name], round));
  return mapValues(rounds, (times) => times.flat());
}

/** `change` of each value, one after the other, under the same names. */
async function mapValues(object, change) {
  const changed = {};
  for (const [name, value] of Object.entries(object)) changed[name] = await change(value, name);
  return changed;
}

async function measureOne({ entrant, out }, questions, search, options) {
  const answers = await answersTo(questions, search);
  return {
    size: sizesOf(entrant.files(out)),
    bundle: entrant.bundle && sizesOf(entrant.bundle(out)),
    firstLoad: median(await entrant.firstLoads(out, questions.map(({ text }) => text), options)),
    quality: judge(questions, answers),
    answers,
  };
}

/** A row of figures for each of `entrants`; answering the questions warms up what `queryTimes` measures. */
export async function measureSite(site, questions, entrants, scratch, options) {
  const names = Object.keys(entrants);
  const places = await mapValues(entrants, (entrant, name) => ({ entrant, out: join(scratch, "indexes", name) }));
  const built = await interleave(names, options.runs, (name) => build(places[name], site, options));
  const searches = await mapValues(places, ({ entrant, out }) => entrant.open(out, options));
  const figures = await mapValues(places, (place, name) => measureOne(place, questions, searches[name], options));
  const queried = await queryTimes(searches, questions);
  return names.map((name) => ({ name, built: built[name], queried: queried[name], ...figures[name] }));
}
