import { SkillMesh } from "skillmesh";
import { minilm } from "skillmesh-model-minilm";
import { ask } from "./ask.js";

const mesh = await SkillMesh.load("minilm-registry.msgpack", { model: minilm });
console.log(JSON.stringify(await ask(mesh)));
