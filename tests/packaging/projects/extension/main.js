import { SkillMesh } from "./skillmesh/browser.js";
import { ask, show } from "./ask.js";

const mesh = await SkillMesh.load("/registry.msgpack");
const here = await ask(mesh);
const there = await chrome.runtime.sendMessage("ask"); // the background asks a mesh of its own
show(here, there);
