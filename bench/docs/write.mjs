// How does a site lie on disk, for each engine to read what it reads?
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { html as rendered, plainText } from "./markdown.mjs";

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escape = (text) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);

const link = (page) => (page ? `<a href="/${escape(encodeURI(page.path))}.html">${escape(page.title)}</a>` : "");

/** A plain documentation page. `data-pagefind-body` is how Pagefind asks a site to name its content. */
function template(page, previous, next) {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(page.title)}</title></head>
<body>
<header><a href="/">Documentation</a></header>
<nav>${link(previous)} ${link(next)}</nav>
<main data-pagefind-body>
${rendered(page.markdown)}</main>
<footer>Published with a small template</footer>
</body>
</html>
`;
}

function writePage(folder, path, text) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const withFrontMatter = ({ title, markdown }) => `---\ntitle: ${JSON.stringify(title)}\n---\n\n${markdown}`;

/** What MiniSearch gets: it takes fields, not files. */
const record = ({ path, title, markdown }) => ({ id: path, title, text: plainText(markdown) });

/** Writes the pages three times over: as HTML, as Markdown and as records. */
export function writeSite({ source, pages }, folder) {
  const [html, markdown, records] = ["html", "markdown", "pages.json"].map((name) => join(folder, name));
  pages.forEach((page, i) => writePage(html, `${page.path}.html`, template(page, pages[i - 1], pages[i + 1])));
  for (const page of pages) writePage(markdown, `${page.path}.md`, withFrontMatter(page));
  writeFileSync(records, JSON.stringify(pages.map(record)));
  return { source, html, markdown, records };
}
