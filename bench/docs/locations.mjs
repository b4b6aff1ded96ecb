// Which page and heading does a result point to?
//
// Engines link with or without a leading slash and an ending, and some escape what need not be.
const SITE = "http://site/";

/** A result's URL as a label is written: `{ path, anchor }`. */
export function location(url) {
  const { pathname, hash } = new URL(url, SITE);
  return {
    path: decodeURIComponent(pathname).slice(1).replace(/\.(html|md)$/, ""),
    anchor: decodeURIComponent(hash).slice(1) || undefined,
  };
}
