// How does an answer, or what went wrong, become a response?

const SECONDS = 300; // as long as an answer may be one from before the last deployment

/** Errors of the package that the caller can mend. */
const CALLERS = ["invalid-argument", "no-model"];

/** Something that is told with a status of its own. */
export function problem(status, code, message) {
  return Object.assign(new Error(message), { status, code });
}

/** The response: `body` as JSON, kept by caches unless it is `isPrivate` or not `final`; or an `error`. */
export async function answered(request, { body, error, final, isPrivate }) {
  if (error) return failed(error);
  const text = JSON.stringify(body);
  const etag = `"${await hash(text)}"`;
  const keep = isPrivate || !final || request.method === "POST" ? "no-store" : `public, max-age=${SECONDS}`;
  const headers = { ...JSON_HEADERS, "cache-control": keep, etag, vary: "x-skillmesh-skills" };
  if (keep !== "no-store" && request.headers.get("if-none-match")?.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : text, { headers });
}

const JSON_HEADERS = { "content-type": "application/json; charset=utf-8", "x-content-type-options": "nosniff" };

/** What is wrong with the request is told; what is wrong here goes to the log. */
function failed({ status, code = "internal", message, stack }) {
  const known = status ?? (CALLERS.includes(code) ? 400 : 500);
  if (known === 500) console.error(stack ?? message);
  const headers = { ...JSON_HEADERS, "cache-control": "no-store", ...(known === 405 && { allow: "GET, HEAD, POST" }) };
  return new Response(JSON.stringify({ error: { code, message } }), { status: known, headers });
}

async function hash(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
