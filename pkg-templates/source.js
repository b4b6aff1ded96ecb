// How do the things that callers pass become bytes?

import { SkillMeshError } from "./error.js";

/** Bytes of a Uint8Array, ArrayBuffer, Response, or of whatever `read` makes of a URL or path. */
export async function toBytes(source, what, read) {
  const given = await source;
  if (given instanceof Uint8Array) return given;
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  if (typeof Response !== "undefined" && given instanceof Response) return responseBytes(given, what);
  if (typeof given === "string" || given instanceof URL) return read(given, what);
  throw new SkillMeshError("invalid-argument", `${what}: expected a URL, path, Response, ArrayBuffer or Uint8Array, got ${describe(given)}`);
}

/** The body of a successful response. */
export async function responseBytes(response, what) {
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new SkillMeshError("io", `${what}: ${response.url || "the response"}: expected status 200, got ${response.status}; check the address`);
}

/** Fetches a URL; the reader of browsers and Workers. */
export async function fetchBytes(url, what) {
  try {
    return await responseBytes(await fetch(url), what);
  } catch (error) {
    if (error instanceof SkillMeshError) throw error;
    throw new SkillMeshError("io", `${what}: ${url}: not reachable: ${error.message}`, error);
  }
}

function describe(value) {
  return value === null ? "null" : typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value;
}
