// What if a file was compressed ahead? Static hosts send snapshots as they lie there, so that a compressed one is half the download.

import { SkillMeshError } from "./error.js";

/** Whether these are the bytes of a gzip file. */
export function isPacked([first, second]) {
  return first === 0x1f && second === 0x8b;
}

/** The bytes, unpacked if they are packed; `what` says whose they are. */
export async function unpacked(bytes, what) {
  if (!isPacked(bytes)) return bytes;
  if (!globalThis.DecompressionStream) throw broken(what, "there is no DecompressionStream here that could unpack it; pass it unpacked");
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw broken(what, `can't be unpacked: ${error.message || "it is cut off or damaged"}; compress it again`, error);
  }
}

function broken(what, why, error) {
  return new SkillMeshError("io", `${what}: a gzip file: ${why}`, error);
}
