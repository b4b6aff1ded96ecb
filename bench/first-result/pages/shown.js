// What was asked, and when was its first result on the page?

export const asked = new URLSearchParams(location.search);

export function shown(title) {
  document.getElementById("first").textContent = title;
  globalThis.firstResult = performance.now();
}
