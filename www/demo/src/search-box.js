// How does <skillmesh-search> get to know where the hashed files are, and whether it may fetch the model?

import "skillmesh/widget";
import { isCostly } from "./consent.js";
import { DOCS, MODEL, place } from "./data.js";

export function searchBox() {
  const box = document.querySelector("skillmesh-search");
  const named = { base: new URL("./", location.href).href, ...(isCostly() ? {} : { vectors: place(DOCS.whole), model: place(MODEL) }) };
  for (const [name, value] of Object.entries({ ...named, snapshot: DOCS.words })) box.setAttribute(name, value);
}
