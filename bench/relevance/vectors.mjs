// Which vectors do the engines get that cannot embed by themselves?
//
// SkillMesh's own model through SkillMesh's own package: one vector per document, which is what such an index holds,
// and one per query. The model cuts a text that is too long for it.
const text = ({ title, body }) => `${title}. ${body}`;

/** The set with a `vector` on each document and query. */
export function withVectors(embedder, set) {
  const embed = (what) => Array.from(embedder.embed(what));
  return {
    ...set,
    docs: set.docs.map((doc) => ({ ...doc, vector: embed(text(doc)) })),
    queries: set.queries.map((query) => ({ ...query, vector: embed(query.text) })),
  };
}
