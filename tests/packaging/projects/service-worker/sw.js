import { SkillMesh } from "./skillmesh/browser.js";
import { ask } from "./ask.js";

let mesh; // kept until the browser ends this worker, and loaded again when it starts the next
const ready = () => (mesh ??= load());

const load = () => SkillMesh.load("/registry.msgpack").catch((error) => {
  mesh = undefined; // the next message tries anew
  throw error;
});

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil(ready().then(ask).then((answers) => event.source.postMessage(answers))));
