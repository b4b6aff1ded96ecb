import { SkillMesh } from "skillmesh";
import { Embedder } from "skillmesh/embed";
import { ask } from "./ask.js";

const model = await Embedder.load("skillmesh-mini");
const mesh = await SkillMesh.load("registry.msgpack", { model });
console.log(JSON.stringify(await ask(mesh)));
