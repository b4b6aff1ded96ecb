import { SkillMesh } from "./skillmesh/browser.js";
import { ask } from "./ask.js";

let mesh; // kept until the browser ends this worker, and loaded again when it starts the next
const ready = () => (mesh ??= SkillMesh.load("/registry.msgpack", { model: "/minilm.msgpack" }));

chrome.runtime.onMessage.addListener((message, sender, answer) => {
  ready().then(ask).then(answer);
  return true; // the answer comes later
});
