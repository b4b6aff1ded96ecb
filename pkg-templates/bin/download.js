// How does a large file come over a network that fails? In parts that are kept, and compared with what it should be.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { alone } from "./lock.js";

/** How often a download is begun again without a byte more than ever before having come. */
const TRIES = 5;
const MOST_REDIRECTS = 8;
/** An ETag that is the file's SHA-256, as hubs say it; one that only holds so many digits is something else. */
const HASH = /^"?([0-9a-f]{64})"?$/;
/** Milliseconds; doubled with every try. */
const FIRST_PAUSE = 250;
/** Bytes; smaller files come without a word. */
const WORTH_TELLING = 1e6;

/**
 * Fetches `address` into the file `path`, unless it is there. What came before a connection broke is kept beside it and gone on from,
 * for as long as the hub has the same file. Where `sha256` is given, or the hub says one, other bytes are refused; other files are held to
 * the length and the ETag that the hub says. Resolves to whether there is such a file; one that is `optional` may be missing, and then an
 * older copy goes too. Of several programs that fetch one file the others wait for the first.
 */
export async function download(address, path, { sha256, token, optional = false }) {
  await mkdir(dirname(path), { recursive: true });
  return alone(path, async () => {
    const isThere = (await holds(path, sha256)) || (await tried(address, (reached) => attempt(address, path, { sha256, token, reached })));
    if (!isThere && !optional) refused(address, "expected a file, got status 404; check the id and the revision");
    if (!isThere) await rm(path, { force: true });
    await withoutParts(path);
    return isThere;
  });
}

/** Does `step` until it works. It calls `reached` with how far it came, and if that is further than ever it has all its tries again. */
async function tried(address, step) {
  let furthest = 0;
  for (let left = TRIES, wait = FIRST_PAUSE; ; wait *= 2) {
    const before = furthest;
    try {
      return await step((at) => (furthest = Math.max(furthest, at)));
    } catch (error) {
      if (error.isFinal) throw error;
      [left, wait] = furthest > before ? [TRIES, FIRST_PAUSE] : [left - 1, wait];
      if (left === 0) refused(address, `${reason(error)}; run it again, it goes on where it ended`);
      await pause(wait);
    }
  }
}

/** One try: what the hub has now, what is missing of it, and whether that makes what it should. Resolves to whether the hub has it. */
async function attempt(address, path, { sha256, token, reached }) {
  const told = await toldOf(address, token);
  if (told === null) return false;
  const expected = sha256 ?? told.sha256;
  if (await holds(path, expected)) return true;
  const part = `${path}.${hashed(expected ?? told.etag).slice(0, 16)}.part`;
  if (!expected && !isStrong(told.etag)) await rm(part, { force: true }); // who knows what it was a part of
  if (told.size === undefined || (await sizeOf(part)) !== told.size) await fetchRest(address, part, { ...told, token, reached });
  await checked(address, part, expected, sha256);
  await rename(part, path);
  return true;
}

/** What the hub says of the file before it sends it: ETag, length, and SHA-256 where it knows it; `null` where there is no such file. */
async function toldOf(address, token) {
  const { response, linked } = await followed(address, { method: "HEAD" }, token);
  if (response.status === 404 && !linked) return null;
  if (!response.ok && !linked) throw statusError(address, response.status);
  const etag = (response.ok && response.headers.get("etag")) || "";
  const size = linked?.size ?? (response.ok ? lengthOf(response) : undefined);
  return { etag, size, sha256: (linked?.etag ?? etag).toLowerCase().match(HASH)?.[1] };
}

/** Adds to `part` what is missing, or writes it anew where the server does not go on at that very place of that very file. */
async function fetchRest(address, part, { etag, size, token, reached }) {
  const have = await sizeOf(part);
  const condition = isStrong(etag) ? { "if-range": etag } : {};
  const { response } = await followed(address, { headers: have > 0 ? { range: `bytes=${have}-`, ...condition } : {} }, token);
  if (response.status !== 416 && !response.ok) throw statusError(address, response.status);
  const range = rangeOf(response);
  if (response.status === 416 && range.total === have) return response.body?.cancel(); // nothing was missing
  if (response.status !== 200 && !(range.from === have && isOf(response, etag))) return anew(response, part);
  const all = response.status === 206 ? range.total : lengthOf(response);
  if (all && size && all !== size) throw await unread(response, `expected ${size} bytes as the hub said, got ${all}`);
  await write(response, part, { from: response.status === 206 ? have : 0, all: all ?? size, address, reached });
}

/** Where a response says that its bytes begin, and how many there are in all; without a total it is not known. */
function rangeOf(response) {
  const [, from, total] = response.headers.get("content-range")?.match(/^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/) ?? [];
  return { from: from && Number(from), total: total > 0 ? Number(total) : undefined };
}

/** Whether a part of a file is one of the very bytes that the hub spoke of. */
function isOf({ headers }, etag) {
  const got = headers.get("etag");
  return !headers.get("content-encoding") && (!got || !etag || got === etag);
}

async function anew(response, part) {
  await rm(part, { force: true });
  throw await unread(response, `the server answered the wish to go on with status ${response.status} and another place or file`);
}

async function unread(response, message) {
  await response.body?.cancel();
  return new Error(message);
}

/** A weak ETag, or none, does not say that bytes are the same. */
function isStrong(etag) {
  return etag.startsWith('"');
}

/** The response after all redirects, and what the hub said of a file that is elsewhere; the token goes to the hub only. */
async function followed(address, { method = "GET", headers = {} }, token) {
  let [place, linked] = [address, undefined];
  for (let n = 0; n < MOST_REDIRECTS; n++) {
    const own = token && place.origin === address.origin ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(place, { method, headers: { ...headers, ...own, "accept-encoding": "identity" }, redirect: "manual" });
    linked ??= linkedIn(response);
    const next = response.status >= 300 && response.status < 400 && response.headers.get("location");
    if (!next) return { response, linked };
    await response.body?.cancel();
    place = led(address, place, next);
  }
  return refused(address, `more than ${MOST_REDIRECTS} redirects`);
}

function linkedIn(response) {
  const etag = response.headers.get("x-linked-etag");
  return etag ? { etag, size: Number(response.headers.get("x-linked-size")) || undefined } : undefined;
}

/** Where a redirect leads: somewhere on the web, and nowhere that is less private. */
function led(address, from, location) {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  const isAllowed = to?.protocol === "https:" || (to?.protocol === "http:" && from.protocol === "http:");
  return isAllowed ? to : refused(address, `expected a redirect to ${from.protocol === "http:" ? "http or " : ""}https, got one to ${location}`);
}

/** How many bytes the body of a whole file has. */
function lengthOf(response) {
  const length = Number(response.headers.get("content-length"));
  return length > 0 && !response.headers.get("content-encoding") ? length : undefined;
}

async function write(response, part, { from, all, address, reached }) {
  const file = await open(part, from > 0 ? "r+" : "w");
  const show = progress(basename(address.pathname), all);
  let at = from;
  try {
    for await (const chunk of response.body ?? []) {
      await file.write(chunk, 0, chunk.length, at);
      reached((at += chunk.length));
      show(at);
    }
  } finally {
    show.end();
    await file.close();
  }
  if (all && at !== all) throw new Error(`expected ${all} bytes, got ${at}`);
}

/** Tells how far a file is: on one line where somebody sees it, else once at the beginning. */
function progress(name, all) {
  const isSeen = process.stderr.isTTY;
  if (!isSeen && all > WORTH_TELLING) process.stderr.write(`fetching ${name}, ${(all / 1e6).toFixed(1)} MB\n`);
  const share = (done) => (all ? `${Math.floor((100 * done) / all)} %` : `${(done / 1e6).toFixed(1)} MB`);
  let isBegun = false;
  const show = (done) => (isBegun = isSeen && process.stderr.write(`\r${name} ${share(done)}`) !== undefined);
  return Object.assign(show, { end: () => isBegun && process.stderr.write("\n") });
}

/** Throws away a file with another hash than the caller's pin or what the hub says of it. */
async function checked(address, part, expected, pin) {
  const got = expected && (await hashOf(part));
  if (expected === got) return;
  await rm(part);
  const help = pin ? "check the pin and the revision" : "run it again, and if that does not help ask those who run the hub";
  refused(address, `expected SHA-256 ${expected}, got ${got}; what came was thrown away; ${help}`);
}

/** Removes what is left of downloads that were never finished, of this and of other versions of the file. */
async function withoutParts(path) {
  const isPart = (name) => name.startsWith(`${basename(path)}.`) && name.endsWith(".part");
  const parts = (await readdir(dirname(path))).filter(isPart);
  await Promise.all(parts.map((name) => rm(join(dirname(path), name), { force: true })));
}

async function holds(path, expected) {
  return Boolean(expected) && (await sizeOf(path)) > 0 && (await hashOf(path)) === expected;
}

async function hashOf(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

function hashed(text) {
  return createHash("sha256").update(text).digest("hex");
}

async function sizeOf(path) {
  return stat(path).then(({ size }) => size, () => 0);
}

/** Only a server that is busy or broken may do better the next time. */
function statusError(address, status) {
  if (status === 408 || status === 429 || status >= 500) return new Error(`status ${status}`);
  return final(address, `expected status 200, got ${status}${HINTS[status] ?? ""}`);
}

/** Hubs answer 401 for what is not there as for what is not public. */
const HINTS = {
  401: "; check the id and the revision, and set HF_TOKEN if the model is not public",
  403: "; accept the model's terms on the hub, and set HF_TOKEN to a token that may read it",
};

function refused(address, message) {
  throw final(address, message);
}

function final(address, message) {
  return Object.assign(new Error(`${address}: ${message}`), { isFinal: true });
}

/** What lies under `fetch failed`; a host with several addresses fails with a code and no words. */
function reason({ message, cause }) {
  return cause?.message || cause?.code || message;
}
