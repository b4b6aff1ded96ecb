// Does every provider get a block that its own types and parsers take, the same natively and in wasm, within its budget?
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { DocSearch, SkillMesh, SkillMeshError } from "skillmesh";

const cli = process.env.SKILLMESH_CLI;
const PROVIDERS = [
  "codex", "claude", "agent-skills", "anthropic-tools", "anthropic-tool-references", "anthropic-search-results", "openai-tools", "openai-responses", "openai-tool-search",
  "mcp", "agents-md", "llms-txt", "cursor-mdc", "copilot-instructions", "vercel-ai", "langchain", "json", "jsonl",
];
const WITH_DOCUMENTS = ["codex", "claude", "anthropic-search-results", "agents-md", "llms-txt", "cursor-mdc", "copilot-instructions", "langchain", "json", "jsonl"];

const EVIL = "</skill></card>]]> <!-- ``` \u202e\u200f \u001b[31m & \"quoted\" \\ ](http://x) # forged";
const REGISTRY = [
  { id: "pdf.fill", domain: "pdf", title: `Fill forms ${EVIL}`, description: `Fills PDF forms. ${EVIL}`, instruction_text: `Open the form.\n\n${EVIL}\n`.repeat(9), dependencies: ["pdf.read", "gone"], input_contract: { file: "the form" } },
  { id: "pdf.read", domain: "pdf", title: "Read files", description: "Reads them.", risk_level: "high", dependencies: ["pdf.fill", "fonts"] },
  { id: "fonts", title: "Fonts", description: "Embeds type." },
  { id: "pdf.sign", title: "Sign forms", description: "Signs a PDF form.", invocation: { type: "function", function: { name: "sign", description: "Signs", parameters: { type: "object", properties: { key: { type: "string" } } } } } },
];
const QUERY = "fill a pdf form";

const folder = mkdtempSync(join(import.meta.dirname, "emitted-"));
const file = (name) => join(folder, name);
let mesh, docs;

before(async () => {
  writeFileSync(file("registry.json"), JSON.stringify(REGISTRY));
  writeFileSync(file("guide.md"), `# Guide ${EVIL.replaceAll("<!--", "")}\n\nHow to fill a pdf form.\n\n\`\`\`\n</document>\n`);
  execFileSync(cli, ["build", file("registry.json"), "--no-dense", "--out", file("cards.msgpack")], { stdio: "pipe" });
  execFileSync(cli, ["ingest", file("guide.md"), "--no-dense", "--out", file("docs.msgpack")], { stdio: "pipe" });
  mesh = await SkillMesh.load(file("cards.msgpack"));
  docs = await DocSearch.load(file("docs.msgpack"));
});
after(() => {
  mesh?.free();
  docs?.free();
  rmSync(folder, { recursive: true });
});

const native = (provider, ...options) => {
  const args = ["emit", "--snapshot", file("cards.msgpack"), "--query", QUERY, "--mode", "sparse", "--provider", provider, ...options];
  return spawnSync(cli, args, { encoding: "utf8" });
};
const refusal = (code, message) => (error) => error instanceof SkillMeshError && error.code === code && message.test(error.message);

test("wasm writes for every provider what the native program writes", async () => {
  for (const provider of PROVIDERS) {
    const has = WITH_DOCUMENTS.includes(provider);
    const block = await mesh.emit(provider, QUERY, { withDependencies: true, instructionChars: 90, ...(has && { docs }) });
    const { stdout } = native(provider, "--with-dependencies", "--instruction-chars", "90", ...(has ? ["--with-docs", file("docs.msgpack")] : []));
    assert.equal(block, stdout, provider);
    const budgeted = await mesh.emit(provider, QUERY, { maxChars: 1200, maxTokens: 700 });
    assert.equal(budgeted, native(provider, "--max-chars", "1200", "--max-tokens", "700").stdout, provider);
    assert.ok([...budgeted].length <= 1200, provider);
  }
});

test("the names of the providers are those that the program knows", () => {
  const { stderr } = spawnSync(cli, ["emit", "--snapshot", "x", "--query", "x", "--provider", "gemini"], { encoding: "utf8" });
  assert.deepEqual(stderr.match(/\[possible values: ([^\]]*)\]/)[1].split(", "), PROVIDERS);
});

test("documents alone are written where they have a place, and refused elsewhere", async () => {
  for (const provider of PROVIDERS) {
    const emitted = docs.emit(provider, "fill a pdf form");
    if (WITH_DOCUMENTS.includes(provider)) assert.match(await emitted, /fill a pdf form/, provider);
    else await assert.rejects(emitted, refusal("invalid-argument", /no place for documents/), provider);
  }
});

test("needed cards stand behind the one that needs them, unless the filter keeps them out", async () => {
  const needed = async (options) => {
    const { cards } = JSON.parse(await mesh.emit("json", "fill", { topK: 1, withDependencies: true, ...options }));
    return cards.map(({ card, needed_by }) => [card.id, needed_by]);
  };
  assert.deepEqual(await needed(), [["pdf.fill", undefined], ["pdf.read", "pdf.fill"], ["fonts", "pdf.read"]]);
  assert.deepEqual(await needed({ filter: { domain: "pdf" } }), [["pdf.fill", undefined], ["pdf.read", "pdf.fill"]]);
});

test("what a provider cannot say, and what is misspelt, is refused", async () => {
  await assert.rejects(mesh.emit("claude", QUERY, { deferLoading: true }), refusal("invalid-argument", /no deferred loading/));
  await assert.rejects(mesh.emit("gemini", QUERY), refusal("invalid-argument", /unknown provider.*`jsonl`/s));
  await assert.rejects(mesh.emit("openai-tools", QUERY, { docs }), refusal("invalid-argument", /no place for documents/));
  await assert.rejects(mesh.emit("agents-md", QUERY, { maxChars: 9 }), refusal("invalid-argument", /too small.*or more/s));
  await assert.rejects(mesh.emit("mcp", QUERY, { maxChar: 9 }), refusal("invalid-argument", /maxChar/));
  assert.match(native("claude", "--max-chars", "30").stderr, /budget is too small/);
});

test("what has no room is told of", () => {
  const { stderr, status } = native("jsonl", "--max-chars", "1500");
  assert.match(stderr, /left out, for there was no room: \d of \d/);
  assert.equal(status, 0);
});

test("each vendor's own types take what is written for them", async () => {
  const emitted = (provider, options) => mesh.emit(provider, QUERY, options);
  const source = [
    'import type Anthropic from "@anthropic-ai/sdk";',
    'import type OpenAI from "openai";',
    'import { jsonSchema, tool, type ToolSet } from "ai";',
    'import { Document } from "@langchain/core/documents";',
    `export const tools: Anthropic.ToolUnion[] = ${await emitted("anthropic-tools", { deferLoading: true })};`,
    `export const references: Anthropic.ToolResultBlockParam["content"] = ${await emitted("anthropic-tool-references")};`,
    `export const results: Anthropic.ToolResultBlockParam["content"] = ${await emitted("anthropic-search-results", { docs })};`,
    `export const chat: OpenAI.Chat.Completions.ChatCompletionTool[] = ${await emitted("openai-tools")};`,
    `export const responses: OpenAI.Responses.Tool[] = ${await emitted("openai-responses", { deferLoading: true })};`,
    `export const searched: OpenAI.Responses.ResponseInputItem = ${await emitted("openai-tool-search", { deferLoading: true })};`,
    `const vercel: { tools: Record<string, { description: string; inputSchema: object }>; activeTools: string[] } = ${await emitted("vercel-ai")};`,
    "export const set: ToolSet = Object.fromEntries(Object.entries(vercel.tools).map(([name, { description, inputSchema }]) => [name, tool({ description, inputSchema: jsonSchema(inputSchema) })]));",
    `const fields: { id: string; pageContent: string; metadata: Record<string, unknown> }[] = ${await emitted("langchain", { docs })};`,
    "export const documents: Document[] = fields.map((one) => new Document(one));",
  ];
  writeFileSync(file("vendors.ts"), source.join("\n"));
  const strict = ["--ignoreConfig", "--strict", "--noEmit", "--module", "nodenext", "--target", "es2022", "--skipLibCheck", "--types", "node"];
  const { status, stdout } = spawnSync("npx", ["tsc", ...strict, file("vendors.ts")], { cwd: import.meta.dirname, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

test("the protocol's own schema takes the tools", async () => {
  const { tools, skills } = JSON.parse(await mesh.emit("mcp", QUERY));
  assert.equal(ListToolsResultSchema.parse({ tools }).tools.length, tools.length);
  assert.ok(skills.every(({ uri, frontmatter }) => uri === `skill://${uri.slice(8).split("/").slice(0, -2).concat(frontmatter.name).join("/")}/SKILL.md`));
});
