// How does meaning come to a page? When somebody asks something, and has not to pay for it unasked.

import { consent as forTheVisit } from "./consent.js";

/**
 * The `state` of a page's meaning: idle, asking, loading, ready or failed; `arrived` resolves to what answers by it. `open(onProgress)`
 * fetches that, and `says` what is said meanwhile.
 */
export function meaning(open, { consent = forTheVisit, says = {} } = {}) {
  const listeners = new Set();
  let came;
  const here = { state: "idle", loaded: 0, error: null, says, arrived: new Promise((resolve) => (came = resolve)) };
  const become = (change) => {
    Object.assign(here, change);
    listeners.forEach((listener) => listener(here));
  };
  const heard = ({ what, received }) => what === "model" && become({ loaded: received });
  const load = () => {
    become({ state: "loading", loaded: 0, error: null });
    open(heard).then((search) => (came(search), become({ state: "ready" })), (error) => become({ state: "failed", error }));
  };
  return Object.assign(here, {
    /** Calls `listener` with every change. */
    follow: (listener) => (listeners.add(listener), listener(here)),
    /** Whether it may be fetched unasked. */
    isFree: () => consent.isGiven(),
    /** Somebody needs it: fetches it, or asks whether it may. */
    want: () => here.state === "idle" && (consent.isGiven() ? load() : become({ state: "asking" })),
    /** Somebody wants it, whatever it costs. */
    agree: () => (consent.give(), load()),
  });
}
