"use client";
import { useEffect } from "react";
import { SkillMesh } from "skillmesh";
import { ask, show } from "../ask.js";

let mesh; // loaded in the page only: this file runs on the server too

const load = () => SkillMesh.load("/registry.msgpack").catch((error) => {
  mesh = undefined; // the next who needs it tries anew
  throw error;
});

export function Hits({ server }) {
  useEffect(() => {
    let wanted = true; // in development React runs effects twice
    mesh ??= load();
    mesh.then(ask).then((client) => wanted && show(server, client));
    return () => void (wanted = false);
  }, [server]);
  return <h1>SkillMesh on the server and in the page</h1>;
}
