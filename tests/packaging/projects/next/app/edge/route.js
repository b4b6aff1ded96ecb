import { SkillMesh } from "skillmesh";
import { ask } from "../../ask.js";

export const runtime = "edge";

let mesh; // for all requests of this isolate

export async function GET(request) {
  const file = (name) => new URL(`/${name}`, request.url);
  mesh ??= SkillMesh.load(file("registry.msgpack"), { model: file("minilm.msgpack") });
  return Response.json(await ask(await mesh));
}
