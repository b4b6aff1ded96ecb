import { SkillMesh } from "skillmesh";
import { ask, show } from "./ask.js";

const mesh = await SkillMesh.load("/registry.msgpack", { worker: "/search-worker.js" });
show(await ask(mesh));
