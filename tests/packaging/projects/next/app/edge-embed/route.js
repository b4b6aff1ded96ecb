import { SkillMesh } from "skillmesh";
import { Embedder } from "skillmesh/embed";
import { ask } from "../../ask.js";

export const runtime = "edge";

let mesh; // for all requests of this isolate

async function load(address) {
  const model = await Embedder.load(new URL("/skillmesh-mini.msgpack", address));
  return SkillMesh.load(new URL("/registry.msgpack", address), { model });
}

export async function GET(request) {
  mesh ??= load(request.url).catch((error) => {
    mesh = undefined; // the next request tries anew
    throw error;
  });
  return Response.json(await ask(await mesh));
}
