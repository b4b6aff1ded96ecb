// How does an address become bytes, and who hears of it on the way?

import { SkillMeshError, refused, told } from "./error.js";
import { expected } from "./expected.js";
import { checked, integrityOf } from "./integrity.js";
import { openKept, unkept } from "./kept.js";
import { checkSignal } from "./options.js";

/** The options of callers that say how downloads go. */
export const DOWNLOADING = ["onProgress", "cache", "signal"];

/** Those options, if they are what they should be. */
export function downloading({ onProgress, cache, signal }) {
  checkSignal(signal);
  expected("onProgress", "a function", onProgress, onProgress === undefined || typeof onProgress === "function");
  expected("cache", "true or a name", cache, [true, false, undefined, null].includes(cache) || (typeof cache === "string" && cache !== ""));
  if (cache && !globalThis.caches) {
    throw refused("cache: there is no Cache Storage here: browsers have it on https:// and localhost, Node has none; leave `cache` out");
  }
  return { onProgress, cache, signal };
}

/** The bytes of an address: by `integrity` what is kept, else what the network says, else what is kept of the address. */
export async function download(url, what, { integrity, cache, onProgress, signal } = {}) {
  const tell = telling(onProgress, what, url);
  const kept = cache ? await openKept(cache, url).catch((error) => unkept(url, error)) : null;
  const known = integrity && kept && (await kept.read(integrity));
  if (known) return ended(known, tell, { from: "cache", stored: true });
  try {
    const bytes = await checked(await fetched(url, what, { kept, tell, signal }), integrity, what, url);
    const stored = kept && (await kept.keep(bytes, integrity ?? (await integrityOf(bytes))));
    return ended(bytes, tell, { from: "network", ...(cache && { stored }) });
  } catch (error) {
    const last = !signal?.aborted && isSilence(error) && !integrity && kept && (await kept.last());
    if (!last) throw error;
    return ended(last, tell, { from: "cache", stored: true });
  }
}

/** Whether the network did not answer; a refusal is an answer. */
function isSilence({ code, status = 500 }) {
  return code === "io" && status >= 500;
}

/** The body of a response that a caller made. */
export async function responseBytes(response, what, { integrity, onProgress }) {
  const tell = telling(onProgress, what, response.url);
  const bytes = await checked(await body(response, what, tell), integrity, what, response.url || "the response");
  return ended(bytes, tell, { from: "network" });
}

/** What the network says of an address; where copies are kept, browsers ask the server whether theirs is the newest. */
async function fetched(url, what, { kept, tell, signal }) {
  try {
    return await body(await fetch(kept ? asking(url) : url, signal && { signal }), what, tell);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SkillMeshError) throw error;
    throw new SkillMeshError("io", `${what}: ${url}: not reachable: ${error.message}`, error);
  }
}

/** Workers have no HTTP cache, and refuse to be told about one. */
function asking(url) {
  try {
    return new Request(url, { cache: "no-cache" });
  } catch {
    return url;
  }
}

/** The body of a successful response; `tell` hears of every piece but the last. */
async function body(response, what, tell) {
  if (!response.ok) {
    const { url, status } = response;
    const error = new SkillMeshError("io", `${what}: ${url || "the response"}: expected status 200, got ${status}; check the address`);
    throw Object.assign(error, { status });
  }
  return tell && response.body ? streamed(response, tell) : new Uint8Array(await response.arrayBuffer());
}

async function streamed({ headers, body }, tell) {
  const length = headers.has("content-encoding") ? 0 : Number(headers.get("content-length"));
  const [parts, reader] = [[], body.getReader()];
  let received = 0;
  const passed = () => tell({ from: "network", received, total: received <= length && length > 0 ? length : null });
  passed();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    received += next.value.length;
    if (received !== length) passed(); // the last event comes when all is done
  }
  return joined(parts, received);
}

function joined(parts, length) {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function telling(onProgress, what, url) {
  return onProgress && ((event) => told(onProgress, { what, url: String(url), ...event }));
}

/** The bytes, of which the last event tells. What is kept is there at once, so that its first event comes here too. */
function ended(bytes, tell, how) {
  if (how.from === "cache") tell?.({ received: 0, total: bytes.length, ...how });
  tell?.({ received: bytes.length, total: bytes.length, ...how });
  return bytes;
}
