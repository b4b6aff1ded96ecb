// Which texts does every engine get?
//
// The same four fields per SKILL.md for all: id, title, description, body. Reading is tolerant and simple on purpose:
// the harness compares engines on equal texts, it does not judge the files.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const FRONTMATTER = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[^\n]*\n?/;

/** One frontmatter value: the key's own line and the indented lines that continue it. */
function value(frontmatter, key) {
  const match = frontmatter.match(new RegExp(`^${key}:([^\\n]*(?:\\n[ \\t]+[^\\n]*)*)`, "m"));
  return match ? clean(match[1]) : "";
}

function clean(text) {
  return text.replace(/^\s*[>|][+-]?\s/, "").replace(/\s+/g, " ").trim().replace(/^(["'])(.*)\1$/, "$2");
}

function readSkill(file, root) {
  const text = readFileSync(file, "utf8");
  const frontmatter = text.match(FRONTMATTER);
  const head = frontmatter?.[1] ?? "";
  const id = relative(root, dirname(file)).split(sep).join("/");
  const body = text.slice(frontmatter?.[0].length ?? 0);
  return { id, title: value(head, "name") || id, description: value(head, "description"), body };
}

/** Every skill below `root`, in the order of its id, so that two runs index the same sequence. */
export function readSkills(root) {
  const files = readdirSync(root, { recursive: true }).filter((path) => path.endsWith("SKILL.md"));
  return files.map((path) => readSkill(join(root, path), root)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The corpus `times` over: the originals, then copies with ids ending `~1`, `~2`… */
export function repeat(docs, times) {
  const copies = Array.from({ length: times - 1 }, (_, i) => docs.map((doc) => ({ ...doc, id: `${doc.id}~${i + 1}` })));
  return docs.concat(...copies);
}
