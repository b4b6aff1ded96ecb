// What becomes of a page's Markdown: HTML, plain text, anchors?
import MarkdownIt from "markdown-it";
import anchor from "markdown-it-anchor";

/** GitHub's way of naming headings, which links inside Markdown files count on. */
const slugify = (heading) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");

// Raw HTML is shown, not obeyed: a stray tag in one page must not hide its text from one engine and not from another.
const markdownIt = new MarkdownIt({ html: false }).use(anchor, { slugify, tabIndex: false });

export const html = (markdown) => markdownIt.render(markdown);

const isBreak = ({ type }) => type === "softbreak" || type === "hardbreak";

function blockText({ content, children }) {
  return children ? children.map((part) => (isBreak(part) ? "\n" : part.content)).join("") : content;
}

/** What a reader sees, code included, without marks and markup. */
export function plainText(markdown) {
  return markdownIt.parse(markdown, {}).map(blockText).filter(Boolean).join("\n");
}

/** The ids of a page's headings, as `html` gives them. */
export function anchors(markdown) {
  const headings = markdownIt.parse(markdown, {}).filter(({ type }) => type === "heading_open");
  return headings.map((heading) => heading.attrGet("id"));
}
