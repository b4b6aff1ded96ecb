// How does Node read a path or address?
import { readFile } from "node:fs/promises";
import { SkillMeshError } from "./error.js";
import { fetchBytes } from "./source.js";

export function wasmBytes(name) {
  return readFile(new URL(`./wasm/${name}`, import.meta.url));
}

export async function readBytes(place, what) {
  if (/^https?:/.test(place)) return fetchBytes(place, what);
  const path = /^file:/.test(place) ? new URL(place) : place;
  return readFile(path).catch((error) => {
    throw new SkillMeshError("io", `${what}: ${place}: ${error.code === "ENOENT" ? "no such file; check the path" : error.message}`, error);
  });
}
