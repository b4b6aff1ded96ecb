// Which engines are there, and how does SkillMesh fit the peers' shape?
//
// SkillMesh has no `create`: its index is the snapshot that the native builder wrote. It is imported on demand, so that
// the peers run without the product installed.
export const OURS = "SkillMesh";
export const PEERS = ["MiniSearch", "Orama", "FlexSearch"];

const adapt = ({ SkillMesh }) => ({
  load: ([bytes]) => SkillMesh.load(bytes, { model: null }),
  search: async (mesh, query, k) => (await mesh.retrieve(query, { topK: k, mode: "sparse" })).hits.map((hit) => hit.id),
  count: (mesh) => mesh.cards().length,
  free: (mesh) => mesh.free(),
});

export async function engine(name) {
  return name === OURS ? adapt(await import("skillmesh")) : (await import("./peers.mjs")).peers[name];
}
