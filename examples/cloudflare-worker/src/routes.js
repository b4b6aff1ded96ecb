// What does each route answer?

import { problem } from "./answers.js";
import { documents, skills } from "./opened.js";
import { withMeaning } from "./meaning.js";

const COMMON = ["mode", "filter", "minConfidence", "syntax"];

/** The best skills. */
export async function retrieve({ query, options }, here) {
  const mesh = await skills(here);
  const { final, ...how } = await withMeaning(mesh, query, options, here);
  const { hits, ...answer } = await mesh.retrieve(query, { ...options, ...how });
  return { final, body: { ...answer, hits: hits.map(shown) } };
}
retrieve.options = ["topK", ...COMMON];

/** A hit's parts are made when they are read: `snippet` costs more than finding it does, `explain` little. */
function shown({ id, title, domain, description, score, snippet }) {
  return { id, title, domain, description, score, snippet };
}

/** A block of the best skills for an agent. */
export async function emit({ query, options: { provider = "claude", ...options } }, here) {
  const mesh = await skills(here);
  const { final, ...how } = await withMeaning(mesh, query, options, here);
  return { final, body: { query, provider, block: await mesh.emit(provider, query, { ...options, ...how }) } };
}
emit.options = ["provider", "topK", "instructionChars", ...COMMON];

/** The best pages of documents, of those that the caller may see. */
export async function search({ query, options }, here) {
  const asker = whoAsks(here);
  const docs = await documents(here);
  const { final, ...how } = await withMeaning(docs, query, options, here);
  const body = await docs.search(query, { ...options, ...how, skills: asker });
  return { final, body, isPrivate: asker.length > 0 };
}
search.options = ["limit", "offset", ...COMMON];

/** The skills that a trusted caller asks for. Whoever else says so is refused, rather than answered as if he had not. */
function whoAsks({ request, env }) {
  const named = request.headers.get("x-skillmesh-skills");
  if (named === null) return [];
  if (env.TRUST_SKILLS_HEADER === "yes") return named.split(",").map((name) => name.trim()).filter(Boolean);
  throw problem(403, "untrusted", "x-skillmesh-skills: this Worker believes nobody who says whom he asks for; TRUST_SKILLS_HEADER says when it may");
}
