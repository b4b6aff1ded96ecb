import { SkillMesh } from "skillmesh";
import { ask } from "./ask.js";

const mesh = await SkillMesh.load("registry.msgpack");
console.log(JSON.stringify(await ask(mesh)));
