// Are these the bytes that were meant? Hashes are written as `integrity` attributes write them.

import { SkillMeshError, refused } from "./error.js";

const FORM = /^sha256-[A-Za-z0-9+/]{43}=$/;

/** `sha256-` and the hash in base64. */
export async function integrityOf(bytes) {
  if (!globalThis.crypto?.subtle) throw refused("integrity: nothing here computes hashes: crypto.subtle is for https:// and localhost only");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256-${btoa(String.fromCharCode(...digest))}`;
}

/** The same hash in hex. */
export function hexOf(integrity) {
  return [...atob(integrity.slice(7))].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** The integrity of a hash in hex. */
export function integrityOfHex(hex) {
  return `sha256-${btoa(hex.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16))))}`;
}

/** The integrity that a caller wants, which may be none. */
export function wanted(integrity, what) {
  if (integrity === undefined || FORM.test(integrity)) return integrity;
  throw refused(`${what}: integrity: expected sha256- and 44 letters of base64, got ${JSON.stringify(integrity)}`);
}

/** The bytes, if they are those that `integrity` names; `place` is where they are from. */
export async function checked(bytes, integrity, what, place = "the bytes") {
  if (integrity === undefined) return bytes;
  const got = await integrityOf(bytes);
  if (got === integrity) return bytes;
  const advice = "it was changed or damaged: pass the hash of what is there now, or put back what was";
  throw new SkillMeshError("integrity", `${what}: ${place}: expected ${integrity}, got ${got}; ${advice}`);
}
