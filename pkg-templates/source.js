// How do the things that callers pass become bytes?

import { SkillMeshError, refused } from "./error.js";
import { isPlain, kindOf } from "./expected.js";
import { responseBytes } from "./download.js";
import { checked, wanted } from "./integrity.js";
import { unpacked } from "./packed.js";

/**
 * Bytes of a Uint8Array, ArrayBuffer, Response, or of whatever `read` makes of a URL or path; also of an object that names one of them
 * with the hash that it must have. `options` say how downloads go. A gzip file is unpacked; its hash is that of the file.
 */
export async function toBytes(source, what, read, options = {}) {
  return unpacked(await sourceBytes(source, what, read, options), what);
}

async function sourceBytes(source, what, read, options) {
  const { place, integrity } = parted(await source, what);
  if ((typeof place === "string" && place !== "") || place instanceof URL) return read(place, what, { ...options, integrity });
  if (typeof Response !== "undefined" && place instanceof Response) return responseBytes(place, what, { ...options, integrity });
  if (place instanceof Uint8Array) return checked(place, integrity, what);
  if (place instanceof ArrayBuffer) return checked(new Uint8Array(place), integrity, what);
  throw refused(`${what}: expected a URL, path, Response, ArrayBuffer or Uint8Array, got ${kindOf(place)}`);
}

/** The bytes, unless they are what a server sends in place of a file that it does not have. */
export function noPage(bytes, what, source) {
  if (!/^\s*<(!doctype|html|!--|\?xml)/i.test(new TextDecoder().decode(bytes.slice(0, 100)))) return bytes;
  const place = source?.url ?? source;
  const where = place && (typeof place === "string" || place instanceof URL) ? `${place}: ` : "";
  const expected = what === "model" ? "a model pack" : `a ${what}`;
  throw new SkillMeshError(`${what}-format`, `${what}: ${where}expected ${expected}, got a page of HTML; check the address`);
}

/** Where the bytes are, or they themselves, and their hash, if a caller knows it. */
function parted(given, what) {
  if (!isPlain(given)) return { place: given };
  return { place: given.bytes ?? given.url ?? given, integrity: wanted(given.integrity, what) };
}
