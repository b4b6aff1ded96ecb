// What is there without a network? What the pages are made of, as they were loaded; model and vectors are kept by the package itself.

const NAME = VERSION;
const opened = () => caches.open(NAME);

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(Promise.all([dropOthers(), clients.claim()])));
addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));
addEventListener("fetch", (event) => isPart(event.request) && event.respondWith(answer(event.request)));

/** What earlier builds left. */
async function dropOthers() {
  const others = (await caches.keys()).filter((name) => /^[0-9a-f]{12}$/.test(name) && name !== NAME);
  return Promise.all(others.map((name) => caches.delete(name)));
}

/** What was loaded before there was a service worker. */
async function keep(addresses) {
  const cache = await opened();
  const missing = await Promise.all(addresses.map(async (address) => ((await cache.match(address)) ? null : address)));
  await Promise.all(missing.filter(Boolean).map((address) => cache.add(address)));
}

/** What the package keeps, and what somebody wants from the network and nowhere else, goes there. */
function isPart({ method, url, cache }) {
  const isOwn = url.startsWith(registration.scope) && !(url.endsWith(".gz") && !url.includes("-words"));
  return method === "GET" && isOwn && !["reload", "no-store"].includes(cache);
}

/** Names in `assets` say what is in them, so that what is kept is right; all else is asked for first. */
async function answer(request) {
  const [cache, isFixed] = [await opened(), request.url.includes("/assets/")];
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept && isFixed) return kept;
  const response = await fetch(request).catch(() => null);
  if (response?.ok) await cache.put(new URL(request.url).origin + new URL(request.url).pathname, response.clone());
  return response?.ok ? response : (kept ?? response ?? Response.error());
}
