// What is kept of downloads, and where? In Cache Storage, each content under its own hash, beside a record of which hash an address had.

import { hexOf, integrityOf } from "./integrity.js";
import { isPacked } from "./packed.js";

const HOME = "https://skillmesh.invalid/";
/** Addresses whose content is kept; of more, as signed ones become, those go that were not asked for the longest. */
const MOST = 50;
/** Milliseconds in which it does not matter when an address was asked for. */
const DAY = 86_400_000;
const contentOf = (integrity) => `${HOME}sha256/${hexOf(integrity)}`;
const recordOf = (url) => `${HOME}url/${encodeURIComponent(new Request(url).url)}`;

/** What is kept under a name, as the download of one address needs it. */
export async function openKept(cache, url) {
  const name = cache === true ? "skillmesh-downloads" : cache;
  const [store, record] = [await caches.open(name), recordOf(url)];
  return {
    read: (integrity) => wanted(name, store, record, integrity).catch(nothing),
    last: () => said(store, record).then((integrity) => read(store, integrity)).catch(nothing),
    keep: (bytes, integrity) => alone(name, () => keep(store, record, bytes, integrity)).catch((error) => unkept(url, error)),
  };
}

/** The content with this hash; a damaged one is deleted, so that it is fetched again. */
async function read(store, integrity) {
  const found = integrity && (await store.match(contentOf(integrity)));
  if (!found) return undefined;
  const bytes = new Uint8Array(await found.arrayBuffer().catch(() => new ArrayBuffer(0)));
  if ((await integrityOf(bytes)) === integrity) return bytes;
  await store.delete(contentOf(integrity));
}

/** The content with this hash, which the address has from now on: whatever others do, it stays. */
async function wanted(name, store, record, integrity) {
  const [bytes, known] = [await read(store, integrity), await recorded(store, record)];
  const isNew = known.integrity !== integrity || Date.now() - known.asked > DAY;
  if (bytes && isNew) await alone(name, () => written(store, record, integrity, known.integrity)).catch(nothing);
  return bytes;
}

/** The hash in a record. */
async function said(store, record) {
  return (await store.match(record))?.text();
}

/** Tabs that keep at once do so one after the other, where there are locks. */
async function alone(name, step) {
  const locks = globalThis.navigator?.locks;
  return locks ? locks.request(`${HOME}${name}`, step) : step();
}

async function keep(store, record, bytes, integrity) {
  if (!isOurs(bytes)) throw new Error("it is no file of SkillMesh"); // such as a server's page for what it does not have
  const before = await said(store, record);
  if (await read(store, integrity)) return written(store, record, integrity, before);
  const write = () => store.put(contentOf(integrity), response(bytes));
  await write().catch((error) => emptied(store, record, before, write, error));
  return written(store, record, integrity, before);
}

function isOurs(bytes) {
  return isPacked(bytes) || new TextDecoder().decode(bytes.subarray(0, 40)).includes("skillmesh-");
}

/** Lets the address have this content, as of now, and drops what it had before. */
async function written(store, record, integrity, before) {
  const isSame = before === integrity;
  const writing = store.put(record, response(integrity));
  await (isSame ? writing.catch(nothing) : writing); // what is kept already is kept
  if (!isSame) await swept(store, before);
  return true;
}

/** Where storage is full, makes room: of what nobody needs first, and then of what the address had before. */
async function emptied(store, record, before, write, error) {
  if (error.name !== "QuotaExceededError") throw error;
  if (store.keys) await swept(store);
  await write().catch((again) => displaced(store, record, before, write, again));
}

/** Writes in place of what the address had before, which is put back if that does not help either. */
async function displaced(store, record, before, write, error) {
  const last = error.name === "QuotaExceededError" && (await read(store, before));
  if (!last) throw error;
  await store.delete(record);
  await swept(store, before);
  await write().catch(async (again) => {
    await store.put(contentOf(before), response(last));
    await store.put(record, response(before));
    throw again;
  });
}

/** Drops addresses beyond those that may be, and content that none has; where a store can't be listed, that of the hash `before`. */
async function swept(store, before) {
  if (!store.keys) return before && store.delete(contentOf(before));
  const there = (await store.keys()).map(({ url }) => url);
  const records = await Promise.all(there.filter((url) => url.startsWith(`${HOME}url/`)).map((url) => recorded(store, url)));
  records.sort((one, other) => other.asked - one.asked);
  const needed = new Set(records.slice(0, MOST).flatMap(({ url, integrity }) => [url, contentOf(integrity)]));
  const idle = there.filter((url) => /^(url|sha256)\//.test(url.slice(HOME.length)) && !needed.has(url));
  await Promise.all(idle.map((url) => store.delete(url)));
}

/** A record, and when its address was asked for last. */
async function recorded(store, url) {
  const found = await store.match(url);
  return { url, integrity: await found?.text(), asked: Number(found?.headers.get("skillmesh-asked")) };
}

/** Workers drop what does not say for how long it may be kept. */
function response(content) {
  return new Response(content, { headers: { "cache-control": "max-age=31536000", "skillmesh-asked": Date.now() } });
}

/** Storage that can't be read holds nothing; what can't be written there is told of. */
function nothing() {}

/** Tells that a download is not kept. */
export function unkept(url, error) {
  console.warn(`${url} is used but not kept: ${error.message}`);
  return false;
}
