// What is open in this isolate? Every file once, when the first request needs it: isolates may fetch nothing before.
//
// No request waits for a promise of another, which never settles where the other is given up: it looks whether the thing is there. The
// wasm modules start here for the same reason, at once and for all requests.

import core from "skillmesh/skillmesh_bg.wasm";
import embed from "skillmesh/skillmesh_embed_bg.wasm";
import { DocSearch, Embedder, SkillMesh, initEmbedSync, initSync } from "skillmesh";

initSync({ module: core });
initEmbedSync({ module: embed });

const PATIENCE = 10_000; // milliseconds for what another request began
const open = new Map();
const begun = new Map(); // since when somebody opens a file

export const skills = (here) => once("registry.msgpack", (file) => SkillMesh.load(file), here);
export const documents = (here) => once("docs.msgpack", (file) => DocSearch.load(file), here);
export const embedder = (here) => once("skillmesh-mini.msgpack", (file) => Embedder.load(file), here);

/** What is there now, without waiting. */
export function loadedEmbedder() {
  return open.get("skillmesh-mini.msgpack");
}

async function once(name, load, here) {
  while (!open.has(name)) {
    if (isBegun(name)) await new Promise((later) => setTimeout(later, 20));
    else await begin(name, load, here);
  }
  return open.get(name);
}

function isBegun(name) {
  return begun.has(name) && Date.now() - begun.get(name) < PATIENCE;
}

/** Opens a file, and goes on where the request that began it is given up. */
async function begin(name, load, { env, ctx }) {
  begun.set(name, Date.now());
  const loading = load(env.ASSETS.fetch(`https://assets/${name}`));
  const done = loading.then((opened) => open.set(name, opened)).finally(() => begun.delete(name));
  ctx.waitUntil(done.catch(() => {})); // who waits is told, and the next request tries anew
  await done;
}
