// How does a saved index travel between processes?
//
// A folder with one file per part. Parts come back as they were saved, strings or bytes, so that the timed `load`
// starts from memory and pays for neither the disk nor the decoding of UTF-8.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const partName = (part, i) => `${String(i).padStart(4, "0")}.${typeof part === "string" ? "txt" : "bin"}`;

export function writeSaved(folder, parts) {
  mkdirSync(folder, { recursive: true });
  parts.forEach((part, i) => writeFileSync(join(folder, partName(part, i)), part));
}

const readPart = (path) => (path.endsWith(".txt") ? readFileSync(path, "utf8") : new Uint8Array(readFileSync(path)));

export function readSaved(folder) {
  return readdirSync(folder).sort().map((name) => readPart(join(folder, name)));
}

const total = (sizes) => sizes.reduce((sum, size) => sum + size, 0);

/** Bytes of files as saved, and as a web server would send them with gzip at its default level. */
export function sizesOf(paths) {
  const files = paths.map((path) => readFileSync(path));
  return { raw: total(files.map((file) => file.length)), gzip: total(files.map((file) => gzipSync(file).length)) };
}

export const sizes = (folder) => sizesOf(readdirSync(folder).map((name) => join(folder, name)));
