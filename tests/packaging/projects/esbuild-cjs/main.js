import { join } from "node:path";
import { SkillMesh, init } from "skillmesh";
import { ask } from "./ask.js";

const file = (name) => join(__dirname, "wasm", name);
init({ core: file("skillmesh_bg.wasm"), embed: file("skillmesh_embed_bg.wasm"), index: file("skillmesh_index_bg.wasm") });

SkillMesh.load("registry.msgpack", { model: join(__dirname, "models/skillmesh-mini.msgpack") })
  .then(ask)
  .then((answers) => console.log(JSON.stringify(answers)));
