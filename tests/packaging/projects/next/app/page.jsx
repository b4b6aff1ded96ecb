import { SkillMesh } from "skillmesh";
import { ask } from "../ask.js";
import { Hits } from "./hits.jsx";

export const dynamic = "force-dynamic"; // answer each request anew

const mesh = SkillMesh.load("public/registry.msgpack", { model: "public/minilm.msgpack" });

export default async function Page() {
  return <Hits server={await ask(await mesh)} />;
}
