// What a project of any host may write. This file only has to compile, with nothing but the host's own types.
import core from "skillmesh/skillmesh_bg.wasm";
import index from "skillmesh/skillmesh_index_bg.wasm";
import { DocSearch, SkillMesh, SkillMeshError, init, initSync, type WasmModule } from "skillmesh";
import { Embedder } from "skillmesh/embed";

export async function asked(bytes: Uint8Array): Promise<string> {
  initSync({ module: core });
  init({ index, embed: () => Promise.resolve(bytes), build: "/skillmesh_build_bg.wasm" });
  const module: WasmModule = core;
  const mesh = await SkillMesh.load(bytes, { model: await Embedder.load(bytes) });
  const docs = await DocSearch.load(new URL("https://example.org/docs.msgpack"), { skills: ["a"] });
  const { hits } = await mesh.retrieve("q", { topK: 1 });
  const { mesh: built } = await SkillMesh.build([{ path: "a.yaml", text: "" }]);
  mesh[Symbol.dispose]();
  built.free();
  // @ts-expect-error: there is no such option
  await docs.search("q", { limits: 1 });
  return hits[0]?.id ?? (module === undefined ? "" : "none");
}

export const codeOf = (error: unknown): string => (error instanceof SkillMeshError ? error.code : "");
