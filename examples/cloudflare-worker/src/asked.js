// What does a request ask for? The same from an address as from JSON; only options that a route names, so that nobody says by them
// who he is.

import { problem } from "./answers.js";

const MOST = 50; // hits or pages in one answer
const LONGEST = 100_000; // characters of a request
const NUMBERS = ["topK", "limit", "offset", "instructionChars"];
const FILTERS = ["domain", "tag", "risk_level", "maturity", "collection"];

/** The query and the options of a request. */
export async function asked(request, known) {
  const { query, ...options } = request.method === "POST" ? await fromBody(request) : fromAddress(request);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`there is no option \`${unknown}\` here; expected query, ${known.join(", ")}`);
  if (query === undefined) throw invalid("query is missing: expected a text, such as ?query=blur+faces");
  for (const [name, text] of Object.entries({ query, provider: options.provider ?? "" })) checkText(name, text);
  for (const name of ["topK", "limit"]) if (options[name] > MOST) throw invalid(`${name}: expected at most ${MOST}, got ${options[name]}`);
  return { query, options };
}

async function fromBody(request) {
  const text = await request.text();
  if (text.length > LONGEST) throw problem(413, "too-long", `expected at most ${LONGEST} characters, got ${text.length}`);
  const body = parsed(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid('expected a JSON object, such as {"query": "blur faces"}');
  return body;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`the body is not JSON: ${error.message}`);
  }
}

function checkText(name, value) {
  if (typeof value !== "string") throw invalid(`${name}: expected a text, got ${value === null ? "null" : typeof value}`);
}

/** An address says everything in texts; filters may be repeated. */
function fromAddress(request) {
  if (!["GET", "HEAD"].includes(request.method)) throw problem(405, "method", `expected GET or POST, got ${request.method}`);
  const given = new URL(request.url).searchParams;
  const filter = Object.fromEntries(FILTERS.filter((name) => given.has(name)).map((name) => [name, given.getAll(name)]));
  const plain = [...given].filter(([name]) => !FILTERS.includes(name)).map(([name, text]) => [name, value(name, text)]);
  return { ...Object.fromEntries(plain), ...(Object.keys(filter).length > 0 && { filter }) };
}

function value(name, text) {
  if (name === "syntax") return text === "true" || (text === "false" ? false : text);
  const isNumber = NUMBERS.includes(name) || name === "minConfidence";
  return isNumber && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function invalid(message) {
  return problem(400, "invalid-argument", message);
}
