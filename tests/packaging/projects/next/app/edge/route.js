import { SkillMesh } from "skillmesh";
import { ask } from "../../ask.js";

export const runtime = "edge";

let mesh; // for all requests of this isolate

const load = (address) => {
  const file = (name) => new URL(`/${name}`, address);
  return SkillMesh.load(file("registry.msgpack"), { model: file("skillmesh-mini.msgpack") }).catch((error) => {
    mesh = undefined; // the next request tries anew
    throw error;
  });
};

export async function GET(request) {
  mesh ??= load(request.url);
  return Response.json(await ask(await mesh));
}
