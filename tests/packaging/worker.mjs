// Does the Worker of examples/cloudflare-worker answer as its README says? What does not is told as a problem.
import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { question } from "./ask.js";

const SECRET = "---\nskills: [hr_assistant]\n---\n# Salaries\n\nThe salary bands of xylophonists are confidential.\n";
const ASKER = { headers: { "x-skillmesh-skills": "other, hr_assistant" } };

/** Documents to search, one of them for a single skill. */
export async function writeDocuments(from, folder) {
  await cp(from, folder, { recursive: true });
  await writeFile(join(folder, "salaries.md"), SECRET);
}

/** What each check of `checks` throws; `get` fetches a path of the Worker and gives status, headers and what the JSON says. */
async function problemsOf(checks, address) {
  const get = async (path, options) => {
    const response = await fetched(new URL(path, address), options);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
  const found = [];
  for (const [name, check] of Object.entries(checks)) await check(get).catch((error) => found.push(`${name}: ${error.message}`));
  return found;
}

/** Wrangler's proxy now and then loses a request that comes while it starts: what has no answer is asked again, over another connection. */
async function fetched(address, { headers, signal, ...options } = {}, tries = 5) {
  const own = { ...options, headers: { ...headers, connection: "close" }, signal: signal ?? AbortSignal.timeout(20_000) };
  if (signal || tries === 1) return fetch(address, own);
  return fetch(address, own).catch(() => fetched(address, { headers, ...options }, tries - 1));
}

const post = (body) => ({ method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
const ids = ({ body }) => body.hits.map(({ id }) => id);

/** The answers that every host gives, and the problems of a Worker that trusts nobody. */
export async function askWorker(address) {
  const problems = await problemsOf(plain, address);
  const get = (path) => fetched(new URL(path, address)).then((response) => response.json());
  const keyword = await get("/retrieve?query=seaborn+heatmap&mode=sparse");
  const hybrid = await get(`/retrieve?query=${question}&mode=hybrid`);
  const { block } = await get(`/emit?provider=claude&query=${question}&mode=hybrid&topK=1`);
  return { answers: [{ keyword: ids({ body: keyword }), hybrid: ids({ body: hybrid }), block: block.trimEnd() }], problems };
}

/** The problems of a Worker that believes the header. */
export async function askTrusting(address) {
  return { problems: await problemsOf(trusting, address) };
}

const plain = {
  async "keywords answer first, then meaning joins"(get) {
    const asked = () => get(`/retrieve?query=${question}`);
    const first = await asked();
    assert.deepEqual([first.status, first.headers.get("cache-control"), first.body.mode], [200, "no-store", "sparse"]);
    for (const { status } of await Promise.all([asked(), asked(), asked()])) assert.equal(status, 200);
    const deadline = Date.now() + 120_000;
    while ((await asked()).body.mode !== "hybrid") assert.ok(Date.now() < deadline, "the model was not there within two minutes");
    const { headers, body } = await asked();
    assert.equal(headers.get("cache-control"), "public, max-age=300");
    assert.deepEqual(Object.keys(body.hits[0]), ["id", "title", "domain", "description", "score", "snippet"]);
    const again = await get(`/retrieve?query=${question}`, { headers: { "if-none-match": headers.get("etag") } });
    assert.deepEqual([again.status, again.body], [304, ""]);
  },
  async "a POST says the same as an address"(get) {
    const address = await get("/retrieve?query=seaborn+heatmap&mode=sparse&topK=2&domain=data_visualization");
    const body = { query: "seaborn heatmap", mode: "sparse", topK: 2, filter: { domain: "data_visualization" } };
    const posted = await get("/retrieve", post(body));
    assert.deepEqual(posted.body, address.body);
    assert.deepEqual([ids(posted).length > 0, posted.headers.get("cache-control")], [true, "no-store"]);
  },
  async "what the caller did wrong is a sentence with a code and status 400"(get) {
    const wrong = {
      "/retrieve": /^query is missing: /, "/retrieve?query=x&topK=0": /`topK`: expected a whole number from 1 on, got 0/,
      "/retrieve?query=x&topk=1": /there is no option `topk` here; expected query, topK/, "/retrieve?query=x&topK=1000": /topK: expected at most 50/,
      "/retrieve?query=x&mode=meaning": /`mode`: expected `auto`/, "/emit?query=x&provider=gemini": /unknown provider: expected one of `codex`, `claude`/,
      "/search?query=x&access=all": /there is no option `access` here/, "/search?query=x&skills=hr_assistant": /there is no option `skills` here/,
    };
    for (const [path, sentence] of Object.entries(wrong)) await refused(get(path), 400, "invalid-argument", sentence);
    const bodies = { "{": /^the body is not JSON: /, "[]": /^expected a JSON object/, '{"query":5}': /^query: expected a text, got number/ };
    for (const [body, sentence] of Object.entries(bodies)) await refused(get("/retrieve", post(body)), 400, "invalid-argument", sentence);
    await refused(get("/emit", post({ query: "x", provider: 5 })), 400, "invalid-argument", /^provider: expected a text, got number/);
    await refused(get("/retrieve", post({ query: "x".repeat(100_001) })), 413, "too-long", /^expected at most 100000 characters/);
  },
  async "elsewhere is nothing, not even the files"(get) {
    for (const path of ["/", "/registry.msgpack", "/docs.msgpack", "/toString"]) await refused(get(path), 404, "not-found", /expected \/retrieve/);
    const { status, headers } = await get("/retrieve?query=x", { method: "DELETE" });
    assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD, POST"]);
  },
  async "documents for everybody are found, others are not, and nobody is believed"(get) {
    const { body } = await get("/search?query=who+may+read+it&limit=2&mode=hybrid");
    assert.deepEqual([body.pages[0].path, body.pages.length], ["documents.md", 2]);
    assert.equal((await get("/search?query=salary+bands+of+xylophonists&mode=sparse")).body.pages.some(({ path }) => path === "salaries.md"), false);
    await refused(get("/search?query=salary", ASKER), 403, "untrusted", /^x-skillmesh-skills: /);
  },
};

const trusting = {
  async "a request that is given up takes nothing from the others"(get) {
    const leaving = get("/retrieve?query=x&mode=hybrid", { signal: AbortSignal.timeout(50) });
    const [, staying] = await Promise.allSettled([leaving, get("/retrieve?query=heatmap&mode=hybrid")]);
    assert.equal(staying.value?.status, 200);
  },
  async "documents of the skills that are named are found, and no cache keeps them"(get) {
    const { body, headers } = await get("/search?query=salary+bands+of+xylophonists&mode=sparse", ASKER);
    assert.deepEqual([body.pages[0].path, headers.get("cache-control")], ["salaries.md", "no-store"]);
    const { body: others } = await get("/search?query=salary+bands+of+xylophonists&mode=sparse");
    assert.ok(!others.pages.some(({ path }) => path === "salaries.md"));
  },
};

async function refused(answer, status, code, sentence) {
  const { status: got, headers, body } = await answer;
  assert.deepEqual([got, headers.get("cache-control"), body.error.code], [status, "no-store", code]);
  assert.match(body.error.message, sentence);
}
