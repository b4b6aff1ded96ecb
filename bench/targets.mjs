// What must SkillMesh reach against each peer, and did it?
//
// A target is a ratio of medians, SkillMesh over peer. A peer that did not take part (over the cap, out of memory) sets
// no target; a SkillMesh figure that is missing misses its target.
import { ratio } from "./stats.mjs";

const A_TWENTIETH = 1 / 20;
const OPEN_LIMITS = { MiniSearch: A_TWENTIETH, Orama: A_TWENTIETH };
const KEYWORD_LIMITS = { MiniSearch: A_TWENTIETH, FlexSearch: 1 };
const EMBEDDING_LIMIT = 1;

/** Below this the two runtimes compute different vectors, and a quick wrong one has won nothing. */
const SAME_VECTOR = 0.98;

function judge(name, limit, ours, theirs) {
  const measured = ratio(ours, theirs);
  return { name, limit, ratio: measured, met: measured !== undefined && measured <= limit };
}

/** One target for each peer in `limits` that has samples among `rows`. */
function against(rows, limits, what, samplesOf) {
  const find = (engine) => rows.find((row) => row.engine === engine);
  const present = Object.keys(limits).filter((peer) => samplesOf(find(peer))?.length);
  return present.map((peer) => judge(`${what}, ${peer}`, limits[peer], samplesOf(find("SkillMesh")), samplesOf(find(peer))));
}

const openTargets = ({ times, open }) => against(open ?? [], OPEN_LIMITS, `open ${times}x`, (row) => row?.warm);

function keywordTargets({ times, keyword }) {
  const sets = Object.entries(keyword ?? {});
  return sets.flatMap(([set, rows]) => against(rows, KEYWORD_LIMITS, `${set} queries ${times}x`, (row) => row?.samples));
}

function embeddingTargets({ lengths }) {
  const theirs = lengths.filter(({ samples }) => samples["onnxruntime-web"]);
  return theirs.map(embeddingTarget);
}

function embeddingTarget({ tokens, cosine, samples }) {
  const name = `embed ${tokens} tokens, onnxruntime-web`;
  const target = judge(name, EMBEDDING_LIMIT, samples.SkillMesh, samples["onnxruntime-web"]);
  return cosine < SAME_VECTOR ? { ...target, name: `${name} (vectors differ)`, met: false } : target;
}

export function targets({ sizes, embedding }) {
  const search = sizes.flatMap((size) => [...openTargets(size), ...keywordTargets(size)]);
  return [...search, ...(embedding ? embeddingTargets(embedding) : [])];
}
