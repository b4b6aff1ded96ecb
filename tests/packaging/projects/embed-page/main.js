import { SkillMesh } from "skillmesh";
import { Embedder } from "skillmesh/embed";
import { ask, show } from "./ask.js";

const model = await Embedder.load("skillmesh-mini");
const mesh = await SkillMesh.load("/registry.msgpack", { model });
show(await ask(mesh));
