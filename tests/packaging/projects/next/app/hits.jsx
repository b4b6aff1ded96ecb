"use client";
import { useEffect } from "react";
import { SkillMesh } from "skillmesh";
import { ask, show } from "../ask.js";

let mesh; // loaded in the page only: this file runs on the server too

export function Hits({ server }) {
  useEffect(() => {
    let wanted = true; // in development React runs effects twice
    mesh ??= SkillMesh.load("/registry.msgpack", { model: "/minilm.msgpack" });
    mesh.then(ask).then((client) => wanted && show(server, client));
    return () => void (wanted = false);
  }, [server]);
  return <h1>SkillMesh on the server and in the page</h1>;
}
