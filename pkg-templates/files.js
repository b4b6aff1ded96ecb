// How does Node read a path or address, and keep a file?
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beside } from "./environment.js";
import { SkillMeshError } from "./error.js";
import { expected } from "./expected.js";
import { download } from "./download.js";
import { checked } from "./integrity.js";

export async function readBytes(place, what, options) {
  if (/^https?:/.test(place)) return download(place, what, options);
  const path = /^file:/.test(place) ? new URL(place) : place;
  const bytes = await readFile(path).catch((error) => {
    throw new SkillMeshError("io", `${what}: ${place}: ${error.code === "ENOENT" ? "no such file; check the path" : error.message}`, error);
  });
  return checked(bytes, options?.integrity, what, place);
}

/** The address or path of a file that lies beside what is at one. */
export function besidePath(place, file) {
  return /^(https?|file):/.test(place) ? beside(place, file) : join(dirname(place), file);
}

/** Keeps what was learnt in a file; a crash while writing leaves the old one. */
export function fileStore(path) {
  expected("path", "a path", path, typeof path === "string");
  const failed = (error) => Promise.reject(new SkillMeshError("io", `${path}: ${error.message}`, error));
  const read = () => readFile(path).catch((error) => (error.code === "ENOENT" ? undefined : failed(error)));
  const update = async (change) => write(path, change(await read())).catch(failed);
  return { update };
}

async function write(path, bytes) {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, bytes);
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}
