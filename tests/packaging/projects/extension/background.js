import { SkillMesh } from "./skillmesh/browser.js";
import { ask } from "./ask.js";

let mesh; // kept until the browser ends this worker, and loaded again when it starts the next
const ready = () => (mesh ??= load());

const load = () => SkillMesh.load("/registry.msgpack").catch((error) => {
  mesh = undefined; // the next message tries anew
  throw error;
});

chrome.runtime.onMessage.addListener((message, sender, answer) => {
  ready().then(ask).then(answer, (error) => answer({ error: error.message }));
  return true; // the answer comes later
});
