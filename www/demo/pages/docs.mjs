// How do the project's documents become pages, with a search over them?

import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import MarkdownIt from "markdown-it";
import anchor from "markdown-it-anchor";
import { input } from "./search.mjs";
import { escaped, preloaded } from "./shell.mjs";

/** In the order in which they are read. */
const ORDER = ["readme", "hosts", "browser", "documents", "widget", "emit", "routing", "changes", "sync", "mcp", "chroma", "shards", "scale", "publish", "metrics", "ranking", "snapshot-format", "model-pack"];

/** The way of code hosts to name headings, which links between the documents count on. */
const slugify = (heading) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");

/** The documents below `root`: name, title, first paragraph and Markdown. */
export function documents(root) {
  const files = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md")).map((file) => join(root, "docs", file));
  return [join(root, "README.md"), ...files].map(document).sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}

const place = ({ name }) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

function document(file) {
  const text = readFileSync(file, "utf8");
  const name = basename(file, ".md").toLowerCase();
  const [heading, intro] = text.split("\n\n");
  return { name, text, title: heading.replace(/^# /, ""), intro: intro.replace(/\s+/g, " ").replace(/`/g, "") };
}

/** Pages of documents; what one names as a file and is a page here, leads there. */
export function documentPages(all) {
  const names = new Set(all.map(({ name }) => name));
  return all.map((one) => documentPage(one, all, names));
}

function documentPage(document, all, names) {
  const markdown = renderer(names);
  const tokens = markdown.parse(document.text, {});
  const article = markdown.renderer.render(tokens, markdown.options, {});
  return {
    path: `docs/${document.name}.html`,
    title: `${document.title} | SkillMesh`,
    description: document.intro.slice(0, 160),
    script: "document",
    tools: SEARCH,
    body: `<div class="reading">${list(all, document)}<article class="prose">${article}</article>${contents(sections(tokens))}</div>`,
  };
}

/** Ids and texts of the headings below the title. */
function sections(tokens) {
  const isSection = ({ type, tag }) => type === "heading_open" && tag === "h2";
  return tokens.flatMap((token, i) => (isSection(token) ? [[token.attrGet("id"), tokens[i + 1].content]] : []));
}

const SEARCH = `<skillmesh-search base="../docs/"></skillmesh-search>`;

function renderer(names) {
  const markdown = new MarkdownIt({ html: false }).use(anchor, { slugify, tabIndex: false, permalink: anchor.permalink.headerLink() });
  const { rules } = markdown.renderer;
  rules.table_open = () => '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>';
  rules.table_close = () => "</table></div>";
  rules.td_open = (tokens, i) => `<td${aligned(tokens[i])}>`;
  rules.th_open = (tokens, i) => `<${headed(tokens[i + 1])}${aligned(tokens[i])}>`;
  rules.th_close = (tokens, i) => `</${headed(tokens[i - 1])}>`;
  rules.fence = (tokens, i) => `<pre tabindex="0" role="group" aria-label="Code"><code>${escaped(tokens[i].content)}</code></pre>`;
  rules.code_inline = (tokens, i) => linked(tokens[i].content, names);
  return markdown;
}

/** Columns of numbers, without an inline style, which the policy refuses. */
const aligned = (token) => (/right/.test(token.attrGet("style") ?? "") ? ' class="figure"' : "");

/** A corner without text heads nothing. */
const headed = ({ content }) => (content ? "th" : "td");

function linked(code, names) {
  const [, name] = /^(?:docs\/)?([\w-]+)\.md$/.exec(code) ?? [];
  const page = name?.toLowerCase();
  return names.has(page) ? `<a href="${page}.html"><code>${escaped(code)}</code></a>` : `<code>${escaped(code)}</code>`;
}

function list(all, current) {
  const here = (name) => (name === current.name ? ' aria-current="page"' : "");
  const items = all.map(({ name, title }) => `<li><a href="${name}.html"${here(name)}>${escaped(short(title))}</a></li>`).join("");
  return `<nav class="shelf" data-skillmesh-ignore aria-label="Documents"><a class="back" href="./">All documents</a><ul>${items}</ul></nav>`;
}

/** What stands before the colon of a title is enough in a list. */
const short = (title) => title.split(":")[0];

function contents(sections) {
  if (sections.length < 2) return "";
  const item = ([id, name]) => `<li><a href="#${id}">${escaped(name.replace(/`/g, ""))}</a></li>`;
  return `<nav class="contents" data-skillmesh-ignore aria-label="On this page"><p>On this page</p><ul>${sections.map(item).join("")}</ul></nav>`;
}

/** The page that searches them. */
export function docsPage(all) {
  const item = ({ name, title, intro }) => `<li><a href="${name}.html"><strong>${escaped(title)}</strong><span>${escaped(intro)}</span></a></li>`;
  return {
    path: "docs/index.html",
    title: "Documentation | SkillMesh",
    description: "Search SkillMesh’s own documentation, by keywords and meaning, in the browser.",
    script: "docs",
    head: preloaded("docs/index.html", "docs-words.msgpack.gz"),
    tools: SEARCH,
    body: `
<div class="hero">
  <h1>Documentation, searched by itself.</h1>
  <p>These pages were indexed when the site was built; the answers are found here, in your browser. The box above is
  <code>&lt;skillmesh-search&gt;</code>, two lines of HTML; press <kbd>/</kbd> to open it.</p>
</div>
<form class="ask narrow" role="search" data-part="form">
  <label class="unseen" for="query">Search the documentation</label>
  ${input("Ask, or type a few words")}
</form>
<div class="meaning-row" data-part="meaning" data-state="idle"></div>
<p class="state" data-part="state"></p>
<p class="unseen" role="status" data-part="status"></p>
<ol class="pages" data-part="pages" hidden></ol>
<section data-part="shelf" aria-labelledby="all"><h2 id="all">All documents</h2><ul class="shelf-list">${all.map(item).join("")}</ul></section>`,
  };
}
