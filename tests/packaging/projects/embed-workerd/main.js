import { SkillMesh } from "skillmesh";
import { Embedder } from "skillmesh/embed";
import { ask } from "./ask.js";

let mesh; // for all requests of this isolate

const load = async (env) => {
  const file = (name) => env.ASSETS.fetch(`http://assets/${name}`);
  const model = await Embedder.load(file("skillmesh-mini.msgpack"));
  return SkillMesh.load(file("registry.msgpack"), { model });
};

export default {
  async fetch(request, env) {
    mesh ??= load(env).catch((error) => {
      mesh = undefined; // the next request tries anew
      throw error;
    });
    return Response.json(await ask(await mesh));
  },
};
