import { SkillMesh } from "skillmesh";
import { ask } from "./ask.js";

/** Loads once from the network, and once from what is kept, where nobody answers. */
const load = async (request) => {
  const file = (name) => new URL(`/${name}`, request.url).href;
  const options = { model: file("skillmesh-mini.msgpack"), cache: "files" };
  const first = await SkillMesh.load(file("registry.msgpack"), options);
  await first.semanticReady;
  first.free();
  const from = [];
  const { fetch } = globalThis;
  globalThis.fetch = () => Promise.reject(new Error("no network"));
  const mesh = await SkillMesh.load(file("registry.msgpack"), { ...options, onProgress: (event) => from.push(event.from) });
  await mesh.semanticReady;
  globalThis.fetch = fetch;
  if (from.includes("network")) throw new Error("it was not kept");
  return mesh;
};

let mesh; // for all requests of this isolate

export default {
  async fetch(request) {
    mesh ??= load(request).catch((error) => {
      mesh = undefined; // the next request tries anew
      throw error;
    });
    return Response.json(await ask(await mesh));
  },
};
