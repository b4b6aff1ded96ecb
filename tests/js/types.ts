// Do the published types say what the package does? This file only has to compile.
import { SkillMesh, SkillMeshError, type Answer, type ExpertCard } from "skillmesh";

export async function everyCall(bytes: Uint8Array): Promise<string> {
  using mesh = await SkillMesh.load(bytes, { model: "minilm.msgpack" });
  const ready: boolean = await mesh.semanticReady;
  const answer: Answer = await mesh.retrieve("q", { topK: 2, mode: "hybrid", filter: { risk_level: "low" } });
  const terms: string[] = answer.hits.flatMap((hit) => hit.explain.sparse?.terms.map((match) => match.term) ?? []);
  const cards: ExpertCard[] = mesh.cards();
  // @ts-expect-error: there is no such mode
  await mesh.retrieve("q", { mode: "fuzzy" });
  return mesh.emit("claude", `${ready} ${terms.length} ${cards.length}`, { instructionChars: 100 });
}

export const codeOf = (error: unknown): string | undefined => (error instanceof SkillMeshError ? error.code : undefined);
