// How does Node read a path or address, and keep a file?
import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beside } from "./environment.js";
import { SkillMeshError } from "./error.js";
import { expected } from "./expected.js";
import { download } from "./download.js";
import { checked } from "./integrity.js";
import { isPacked } from "./packed.js";

export async function readBytes(place, what, options) {
  if (/^https?:/.test(place)) return download(place, what, options);
  const path = /^file:/.test(place) ? new URL(place) : place;
  const isHandedOn = what === "wasm" || options?.integrity;
  const bytes = await (isHandedOn ? readFile : readApart)(path).catch((error) => {
    throw new SkillMeshError("io", `${what}: ${place}: ${error.code === "ENOENT" ? "no such file; check the path" : error.message}`, error);
  });
  return checked(bytes, options?.integrity, what, place);
}

/**
 * A file's bytes in memory that the system has back when they go. The allocator of C keeps what it lent for a large buffer, a fifth of a
 * process with a thousand skills; what lies apart from it is a buffer that can be resized, which compilers, hashes and blobs need not take.
 */
async function readApart(path) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return await file.readFile(); // a pipe, say, which does not know
    const bytes = new Uint8Array(new ArrayBuffer(size, { maxByteLength: size }));
    let at = 0;
    for (let read = 1; read > 0 && at < size; at += read) ({ bytesRead: read } = await file.read(bytes, at));
    return isPacked(bytes) ? bytes.slice(0, at) : bytes.subarray(0, at);
  } finally {
    await file.close();
  }
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
