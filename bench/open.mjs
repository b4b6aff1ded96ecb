// How long from saved bytes to an index that answers, and how many bytes are they?
import { Host } from "./host.mjs";
import { interleave, runCold } from "./rounds.mjs";
import { sizes } from "./saved.mjs";

const WARM_UP_ROUNDS = 2;
const ROUNDS = 7;
const COLD_ROUNDS = 5;
export const FIRST_QUERY = "build an mcp server";

async function startHolding(engine, folder) {
  const host = await Host.start(engine);
  await host.call("hold", { folder });
  return host;
}

/** The warm-up rounds compile SkillMesh's module and let V8 optimise the peers; they are not samples. */
async function warm(folders) {
  const names = Object.keys(folders);
  const hosts = {};
  for (const name of names) hosts[name] = await startHolding(name, folders[name]);
  const openOne = (name) => hosts[name].call("open", { query: FIRST_QUERY });
  await interleave(names, WARM_UP_ROUNDS, openOne);
  const samples = await interleave(names, ROUNDS, openOne);
  await Promise.all(Object.values(hosts).map((host) => host.stop()));
  return samples;
}

const pick = (samples, field) => samples.map((sample) => sample[field]);

function row(name, folder, warmSamples, coldSamples) {
  return {
    engine: name,
    ids: warmSamples[0].ids,
    ...sizes(folder),
    warm: pick(warmSamples, "opened"),
    warmAnswered: pick(warmSamples, "answered"),
    cold: pick(coldSamples, "opened"),
    coldAnswered: pick(coldSamples, "answered"),
  };
}

/** `folders`: engine name → folder of its saved parts. */
export async function measureOpen(folders) {
  const names = Object.keys(folders);
  const warmSamples = await warm(folders);
  const coldSamples = await interleave(names, COLD_ROUNDS, (name) => runCold(name, folders[name], FIRST_QUERY));
  return names.map((name) => row(name, folders[name], warmSamples[name], coldSamples[name]));
}
