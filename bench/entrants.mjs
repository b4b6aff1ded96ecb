// Which engines take part at one size of the corpus, and how long until each was ready?
//
// Peers build from the texts; SkillMesh opens the snapshot that its native builder wrote. An engine that is over the cap or
// out of memory is named in the report and takes no further part.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OURS, PEERS } from "./engines.mjs";
import { Host, tooBig } from "./host.mjs";
import { FIRST_QUERY } from "./open.mjs";
import { writeSaved } from "./saved.mjs";

const buildPeer = (host, times, { skills, cap }) => host.call("build", { skills, times, capSeconds: cap });

async function openOurs(host, folder) {
  await host.call("hold", { folder });
  const { opened } = await host.call("open", { query: FIRST_QUERY });
  return { ms: opened, docs: await host.call("count") };
}

/** Too big a corpus is a result, any other error a failure of the run. */
export function blame(report, engine, step, error) {
  if (tooBig(error)) report.notes.push(`${engine}: the corpus is too big to ${step} (${error.message})`);
  else report.failures.push({ engine, step, message: error.message });
}

/** One step of one engine, or undefined and an entry in the report. */
export async function attempt(report, engine, step, work) {
  try {
    return await work();
  } catch (error) {
    return void blame(report, engine, step, error);
  }
}

async function enterOne(report, engine, prepare) {
  const host = await attempt(report, engine, "start", () => Host.start(engine));
  const ready = host && (await attempt(report, engine, "get ready", () => prepare(host)));
  if (ready && !ready.overCap) return { engine, host, ready };
  await host?.stop();
  return { engine, ready };
}

function ourSnapshot(times, options) {
  return times === 1 ? options.snapshot : options.copies;
}

/** SkillMesh's snapshot in a folder of its own, as the peers' saved parts are; undefined where it is left out. */
function placeSnapshot(report, times, options, scratch) {
  if (options.only === "peers") return undefined;
  const file = ourSnapshot(times, options);
  if (!file) return void report.notes.push(`SkillMesh: no snapshot given for ${times}x, left out`);
  const folder = join(scratch, `${times}x`, OURS);
  writeSaved(folder, [readFileSync(file)]);
  return folder;
}

/** Every engine, ready or not: `host` is there for those that take part. */
export async function enterAll(report, times, options, scratch) {
  const folder = placeSnapshot(report, times, options, scratch);
  const entrants = folder ? [{ ...(await enterOne(report, OURS, (host) => openOurs(host, folder))), folder }] : [];
  for (const peer of PEERS) entrants.push(await enterOne(report, peer, (host) => buildPeer(host, times, options)));
  return entrants;
}
