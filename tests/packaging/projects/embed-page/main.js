import { SkillMesh } from "skillmesh";
import { Embedder } from "skillmesh/embed";
import { ask, show } from "./ask.js";

const model = await Embedder.load("/minilm.msgpack");
const mesh = await SkillMesh.load("/registry.msgpack", { model });
show(await ask(mesh));
