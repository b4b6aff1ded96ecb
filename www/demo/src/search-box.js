// How does <skillmesh-search> get to know where the hashed files are, and whether it may fetch the model?

import "skillmesh/widget";
import { isCostly } from "./meaning.js";

export function searchBox(snapshot, model) {
  const box = document.querySelector("skillmesh-search");
  box.setAttribute("base", new URL("./", location.href).href);
  if (!isCostly()) box.setAttribute("model", new URL(model, document.baseURI).href);
  box.setAttribute("snapshot", new URL(snapshot, document.baseURI).href);
}
