// What was chosen? Kept by the browser, for worker and pages.

const DEFAULTS = { provider: "claude", count: 3, meaning: true };

export function settings() {
  return chrome.storage.local.get(DEFAULTS);
}

export function choose(changes) {
  return chrome.storage.local.set(changes);
}
