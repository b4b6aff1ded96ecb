import { SkillMesh } from "skillmesh";
import { ask, show } from "./ask.js";

const mesh = await SkillMesh.load("/registry.msgpack", { worker: true });
show(await ask(mesh));
