// Which skills can somebody try who has none at hand? Three kinds of files, and one mistake to be told of.

const skill = (name, description, body) => `---\nname: ${name}\ndescription: ${description}\n---\n\n${body}\n`;

const REGISTRY = `experts:
- id: release-notes
  title: Release notes
  description: Writes release notes from merged pull requests, grouped by what users notice.
  tags: [changelog, releases]
  examples:
  - what changed since the last version
- id: incident-review
  title: Incident review
  description: Turns a timeline of an outage into a blameless review with causes and actions.
  tags: [postmortem, outage]
  examples:
  - write down what went wrong last night
- id: oncall-handover
  description: Summarises open alerts and recent changes for whoever is on call next.
`;

const CARD = {
  id: "meeting-minutes", title: "Meeting minutes", description: "Turns a transcript into decisions, owners and dates.",
  tags: ["meetings", "transcript"], examples: ["who promised what in the call"],
};

const DIAGRAM = "Ask which reader the diagram is for. Draw at most nine boxes; name arrows by what flows along them.";
const SQL = "Read the plan first. Name the step that costs most, and the index that would spare it.";

const files = {
  "registry.yaml": REGISTRY,
  "minutes.json": JSON.stringify({ experts: [CARD] }, null, 2),
  "skills/diagrams/SKILL.md": skill("diagrams", "Draws architecture diagrams as Mermaid from a description or from code.", DIAGRAM),
  "skills/slow-queries/SKILL.md": skill("slow-queries", "Finds out why a database query is slow, and what to change.", SQL),
};

export const SAMPLE = Object.entries(files).map(([path, text]) => ({ path, text, size: text.length }));
