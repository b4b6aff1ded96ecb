import { SkillMesh } from "skillmesh";
import { ask } from "../ask.js";
import { Hits } from "./hits.jsx";

export const dynamic = "force-dynamic"; // answer each request anew

let mesh; // for all requests of this server; loaded by the first, not while Next builds

const load = () => SkillMesh.load("public/registry.msgpack").catch((error) => {
  mesh = undefined; // the next request tries anew
  throw error;
});

export default async function Page() {
  return <Hits server={await ask(await (mesh ??= load()))} />;
}
