"use client";
import { useEffect } from "react";
import { SkillMesh } from "skillmesh";
import { ask, show } from "../ask.js";

export function Hits({ server }) {
  useEffect(() => {
    SkillMesh.load("/registry.msgpack", { model: "/minilm.msgpack" }).then(ask).then((client) => show(server, client));
  }, [server]);
  return <h1>SkillMesh on the server and in the page</h1>;
}
