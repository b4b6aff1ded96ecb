// How does a large file come over a network that fails? In parts that are kept, and compared with what it should be.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** How often a download is begun again without a single byte having come. */
const TRIES = 5;
const MOST_REDIRECTS = 8;
const HASH = /[0-9a-f]{64}/;
/** Milliseconds; doubled with every try. */
const FIRST_PAUSE = 250;

/**
 * Fetches `address` into the file `path`, unless it is there. What came before a connection broke is kept beside it and gone on from,
 * for as long as the hub has the same file. Where `sha256` is given, or the hub says one, other bytes are refused. Resolves to whether
 * there is such a file; one that is `optional` may be missing.
 */
export async function download(address, path, { sha256, token, optional = false }) {
  await mkdir(dirname(path), { recursive: true });
  const tag = await tried(address, () => tagOf(address, token));
  if (tag === null) return optional ? false : refused(address, "expected a file, got status 404; check the id and the revision");
  const expected = sha256 ?? tag.match(HASH)?.[0];
  if (expected && (await sizeOf(path)) > 0 && (await hashOf(path)) === expected) return true;
  const part = `${path}.${createHash("sha256").update(tag).digest("hex").slice(0, 16)}.part`;
  if (tag === "") await rm(part, { force: true }); // who knows what it was a part of
  await tried(address, () => fetched(address, part, token), () => sizeOf(part));
  return kept(address, part, path, expected);
}

/** Does `step` until it works; `progress` tells whether it came further, and so has all its tries again. */
async function tried(address, step, progress = () => 0) {
  for (let left = TRIES, wait = FIRST_PAUSE; ; wait *= 2) {
    const before = await progress();
    try {
      return await step();
    } catch (error) {
      if (error.isFinal) throw error;
      const moved = (await progress()) > before;
      [left, wait] = moved ? [TRIES, FIRST_PAUSE] : [left - 1, wait];
      if (left === 0) refused(address, `${reason(error)}; run it again, it goes on where it ended`);
      await pause(wait);
    }
  }
}

/** What tells a file on the hub from other versions of it: its SHA-256 where the hub says it; `null` where there is no such file. */
async function tagOf(address, token) {
  const { response, linked } = await followed(address, { method: "HEAD" }, token);
  if (response.status === 404) return null;
  if (!response.ok && !linked) throw statusError(address, response.status);
  return (linked ?? response.headers.get("etag") ?? "").toLowerCase();
}

/** Adds to `part` what is missing. */
async function fetched(address, part, token) {
  const have = await sizeOf(part);
  const { response } = await followed(address, { headers: have > 0 ? { range: `bytes=${have}-` } : {} }, token);
  if (response.status === 416) return response.body?.cancel(); // nothing was missing
  if (!response.ok) throw statusError(address, response.status);
  const from = response.status === 206 ? have : 0;
  await write(response, part, from, total(response, from), address);
}

/** The response after all redirects; the token goes to the hub only. */
async function followed(address, { method = "GET", headers = {} }, token) {
  let [place, linked] = [address, undefined];
  for (let n = 0; n < MOST_REDIRECTS; n++) {
    const own = token && place.origin === address.origin ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(place, { method, headers: { ...headers, ...own, "accept-encoding": "identity" }, redirect: "manual" });
    linked ??= response.headers.get("x-linked-etag") ?? undefined;
    const next = response.status >= 300 && response.status < 400 && response.headers.get("location");
    if (!next) return { response, linked };
    await response.body?.cancel();
    place = new URL(next, place);
  }
  return refused(address, `more than ${MOST_REDIRECTS} redirects`);
}

function total(response, have) {
  const length = Number(response.headers.get("content-length"));
  return length > 0 && !response.headers.get("content-encoding") ? have + length : undefined;
}

async function write(response, part, from, all, address) {
  const file = await open(part, from > 0 ? "r+" : "w");
  let at = from;
  try {
    for await (const chunk of response.body) {
      await file.write(chunk, 0, chunk.length, at);
      show(address, (at += chunk.length), all);
    }
  } finally {
    await file.close();
  }
  if (all && at !== all) throw new Error(`expected ${all} bytes, got ${at}`);
}

/** Progress on one line, where somebody sees it. */
function show(address, done, all) {
  if (!process.stderr.isTTY) return;
  const share = all ? `${Math.floor((100 * done) / all)} %` : `${(done / 1e6).toFixed(1)} MB`;
  process.stderr.write(`\r${address.pathname.split("/").at(-1)} ${share}${done === all ? "\n" : ""}`);
}

async function kept(address, part, path, expected) {
  const got = expected && (await hashOf(part));
  if (expected !== got) {
    await rm(part);
    refused(address, `expected SHA-256 ${expected}, got ${got}; what came was thrown away; pin what you trust with --sha256`);
  }
  await rename(part, path);
  return true;
}

async function hashOf(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

async function sizeOf(path) {
  return stat(path).then(({ size }) => size, () => 0);
}

/** Only a server that is busy or broken may do better the next time. */
function statusError(address, status) {
  if (status === 408 || status === 429 || status >= 500) return new Error(`status ${status}`);
  const hint = status === 401 || status === 403 ? "; set HF_TOKEN if the model is not public" : "";
  return final(address, `expected status 200, got ${status}${hint}`);
}

function refused(address, message) {
  throw final(address, message);
}

function final(address, message) {
  return Object.assign(new Error(`${address}: ${message}`), { isFinal: true });
}

function reason(error) {
  return error.cause?.message ?? error.message;
}
