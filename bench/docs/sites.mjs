// Which pages does each site have?
//
// A page is `{ path, title, markdown }`; its path has no ending and is what questions are labelled with.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { readSkills } from "../corpus.mjs";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const DOCUMENTATION = ["README.md", "ARCHITECTURE.md", "bench/README.md", "docs", "examples"];

const isMarkdown = (path) => path.endsWith(".md");

function filesAt(place) {
  if (isMarkdown(place)) return [place];
  return readdirSync(join(PROJECT, place), { recursive: true }).filter(isMarkdown).map((path) => join(place, path));
}

function documentationPage(file) {
  const markdown = readFileSync(join(PROJECT, file), "utf8");
  const path = file.slice(0, -".md".length).split(sep).join("/");
  return { path, title: markdown.match(/^# (.*)$/m)?.[1] ?? basename(path), markdown };
}

const FIRST_HEADING = /^# .*$/m;

/** One text for every rendition: front matter is no page, so title and description move into what a reader sees. */
function withLead({ title, description, body }) {
  const headed = body.trimStart().startsWith("# ") ? body : `# ${title}\n\n${body}`;
  return headed.replace(FIRST_HEADING, (heading) => `${heading}\n\n${description}`);
}

/** A folder that begins with a dot is hidden, and walkers pass it by. */
const visible = (id) => id.split("/").map((part) => part.replace(/^\./, "")).join("/");

const skillPage = (skill) => ({ path: visible(skill.id), title: skill.title, markdown: withLead(skill) });

function skillsIn(folder) {
  if (!existsSync(folder)) throw new Error(`--skills: no folder ${folder}`);
  return readSkills(folder).map(skillPage);
}

/** SkillMesh reads a site as its owner has it: built documentation as HTML, a heap of Markdown as it is. */
export const sites = {
  docs: { source: "html", pages: () => DOCUMENTATION.flatMap(filesAt).sort().map(documentationPage) },
  skills: { source: "markdown", pages: ({ skills }) => skillsIn(skills) },
};
