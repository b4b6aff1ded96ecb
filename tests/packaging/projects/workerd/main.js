import { SkillMesh } from "skillmesh";
import { ask } from "./ask.js";

let mesh; // for all requests of this isolate

const load = (env) => {
  const file = (name) => env.ASSETS.fetch(`http://assets/${name}`);
  return SkillMesh.load(file("registry.msgpack"), { model: file("skillmesh-mini.msgpack") }).catch((error) => {
    mesh = undefined; // the next request tries anew
    throw error;
  });
};

export default {
  async fetch(request, env) {
    mesh ??= load(env);
    return Response.json(await ask(await mesh));
  },
};
