import { SkillMesh } from "./skillmesh/browser.js";
import { ask, show } from "./ask.js";

const mesh = await SkillMesh.load("/registry.msgpack");
show(await ask(mesh));
