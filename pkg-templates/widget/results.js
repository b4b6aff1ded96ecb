// How does a page that was found look? A group of options: the page itself, then its best sections.

import { h, icon } from "./dom.js";

const PAGE = ["M4 1.5h5l3 3v10H4z", "M9 1.5v3h3", "M6 8h4M6 11h4"];
let made = 0;

/** The group of a page: its key, its node, its rows, and the best of them; `null` where its address leads nowhere safe. */
export function group(page, base, query) {
  const rows = [];
  const [own, sections] = [page.sections.find(isOwn), page.sections.filter((section) => !isOwn(section))];
  const add = (address, found, ...children) => {
    const url = safe(address, base);
    if (url) rows.push(row(url, page, found, query, children));
  };
  add(page.url, own, ...pageLines(page, own, base, query));
  for (const section of sections) add(section.url, section, ...sectionLines(section, query));
  if (rows.length === 0) return null;
  const node = h("div", { role: "group", part: "page", class: "page", "aria-label": title(page) }, ...rows.map((one) => one.node));
  return { key: page.path, node, rows, best: rows.find((one) => one.found === page.sections[0]) ?? rows[0] };
}

/** What a page says before its first heading of its own belongs to the page. */
function isOwn({ headings, url }) {
  return headings.length <= 1 || !url.includes("#");
}

/** A page's title without the name of the site, which sites append to all of them: what stands above its sections tells them apart. */
function title({ title, sections }) {
  const heading = sections[0]?.headings[0];
  return heading && title.startsWith(heading) && /^\s+[|–—·•:»-]\s/.test(title.slice(heading.length)) ? heading : title;
}

function row(url, page, found, query, children) {
  const kind = found && !isOwn(found) ? "section" : "title";
  const option = { role: "option", id: `r${made++}`, tabindex: "-1", "aria-selected": "false" };
  const node = h("a", { ...option, class: kind, part: `option ${kind}-option`, href: url.href }, ...children);
  const detail = { url: url.href, query, title: title(page), headings: found?.headings ?? [title(page)], path: page.path };
  return { node, url, found, detail };
}

function pageLines(page, own, base, query) {
  const url = safe(page.url, base);
  const path = h("span", { class: "path", part: "path" }, url ? crumbs(url, base) : "");
  const name = h("span", { class: "name", part: "page-title" }, ...named(title(page), query));
  return [h("span", { class: "line" }, icon(...PAGE), name, path), ...(own ? [snippet(own)] : [])];
}

function sectionLines(section, query) {
  const [name, ...above] = section.headings.slice(1).reverse();
  const way = above.reverse().map((heading) => h("span", { class: "above" }, heading, " › "));
  return [h("span", { class: "name", part: "heading" }, ...way, ...named(name, query)), snippet(section)];
}

function snippet({ snippet: { text, ranges } }) {
  return h("span", { class: "snippet", part: "snippet" }, ...marked(text, ranges));
}

/** A text with its ranges marked. */
export function marked(text, ranges) {
  let end = 0;
  const pieces = ranges.flatMap(([from, to]) => {
    const before = text.slice(end, from);
    return [before, h("mark", { part: "mark" }, text.slice(from, (end = to)))];
  });
  return [...pieces, text.slice(end)];
}

/** A heading with the words marked that begin as a word of the query does. */
function named(text, query) {
  const asked = words(query).map(({ word }) => word).filter((word) => word.length > 2);
  const found = words(text).filter(({ word }) => asked.some((one) => word.startsWith(one)));
  return marked(text, found.map(({ range }) => range));
}

function words(text) {
  const found = [...text.matchAll(/[\p{L}\p{N}]+/gu)];
  return found.map(({ 0: word, index }) => ({ word: word.toLowerCase(), range: [index, index + word.length] }));
}

/** The address, unless it is of a kind that runs code or that this page could not lead to: snapshots may hold anything. */
export function safe(address, base) {
  const url = URL.canParse(address, base) ? new URL(address, base) : null;
  return url && ["http:", "https:", location.protocol].includes(url.protocol) ? url : null;
}

/** Where a page is, for people: the folders below that of the site, without what only servers need. */
export function crumbs(url, base) {
  const near = url.origin === base.origin;
  const path = near && url.pathname.startsWith(base.pathname) ? url.pathname.slice(base.pathname.length) : url.pathname;
  const names = path.split("/").map((name) => readable(name).replace(/^index\.\w+$|\.(html?|mdx?|txt)$/i, ""));
  return [near ? "" : url.host, ...names].filter(Boolean).join(" › ");
}

function readable(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
