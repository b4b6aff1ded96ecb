// How is a page there again without a network? A service worker keeps what it was made of.

import coreAddress from "skillmesh/skillmesh_bg.wasm?url";
import embedAddress from "skillmesh/skillmesh_embed_bg.wasm?url";
import { absolute } from "./data.js";
import { trusted } from "./trusted.js";

/** Where the site begins. */
const root = () => document.querySelector(".brand").href;

/** Has it keep this page, when nobody waits for anything any more; and what its worker needs, once `meaning` is there. */
export function keepOffline(meaning) {
  if (!navigator.serviceWorker) return;
  const wholly = () => keep(loaded()).catch((error) => console.warn(`This page will need a network: ${error.message}`));
  (globalThis.requestIdleCallback ?? setTimeout)(wholly);
  meaning?.arrived.then(() => keep([...loaded(), absolute(coreAddress), absolute(embedAddress)]));
}

async function keep(addresses) {
  await navigator.serviceWorker.register(trusted(new URL("sw.js", root()).href));
  (await navigator.serviceWorker.ready).active.postMessage({ keep: addresses });
}

/** This page and all that it has loaded of the site, but for what the package keeps. */
function loaded() {
  const names = performance.getEntriesByType("resource").map(({ name }) => name.split("?")[0]);
  const isPart = (name) => name.startsWith(root()) && (!name.endsWith(".gz") || name.includes("-words")) && !name.endsWith("sw.js");
  return [location.href.split(/[?#]/)[0], ...new Set(names.filter(isPart))];
}
