// What is open in this isolate? Every file once, when the first request needs it: isolates may fetch nothing before.

import { DocSearch, Embedder, SkillMesh } from "skillmesh";

const PATIENCE = 10_000; // milliseconds for what another request began
const opening = new Map();

export const skills = (here) => once("registry.msgpack", (file) => SkillMesh.load(file), here);
export const documents = (here) => once("docs.msgpack", (file) => DocSearch.load(file), here);
export const embedder = (here) => once("minilm.msgpack", (file) => Embedder.load(file), here);

/** What `open` makes of a file, by whichever request was first. One that was given up may never end: the next begins anew then. */
async function once(name, open, here) {
  const begun = opening.get(name) ?? begin(name, open, here);
  const opened = await Promise.race([begun, new Promise((over) => setTimeout(over, PATIENCE))]);
  if (opened) return opened;
  if (opening.get(name) === begun) opening.delete(name);
  return once(name, open, here);
}

function begin(name, open, { env, ctx }) {
  const begun = open(env.ASSETS.fetch(`https://assets/${name}`));
  opening.set(name, begun);
  const failed = () => opening.get(name) === begun && opening.delete(name); // the next request tries anew
  ctx.waitUntil(begun.catch(failed)); // others wait for it, whether or not this request still does
  return begun;
}
