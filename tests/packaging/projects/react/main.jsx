import { Suspense, use } from "react";
import { createRoot } from "react-dom/client";
import { SkillMesh } from "skillmesh";
import { ask, show } from "./ask.js";

const mesh = SkillMesh.load("/registry.msgpack");
const answer = mesh.then((mesh) => mesh.retrieve("seaborn heatmap"));

function Hits() {
  return <ol>{use(answer).hits.map((hit) => <li key={hit.id}>{hit.title}</li>)}</ol>;
}

createRoot(document.body.appendChild(document.createElement("main"))).render(<Suspense><Hits /></Suspense>);
mesh.then(ask).then(show);
