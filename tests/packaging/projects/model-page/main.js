import { SkillMesh } from "skillmesh";
import { minilm } from "skillmesh-model-minilm";
import { ask, show } from "./ask.js";

const mesh = await SkillMesh.load("/minilm-registry.msgpack", { model: minilm });
show(await ask(mesh));
