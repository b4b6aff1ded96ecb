// Does `skillmesh model pull` get a model from a hub as hubs are: redirects, ranges, cut connections, wrong bytes?
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { mkdtemp, readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { download } from "./node_modules/skillmesh/bin/download.js";

const weights = randomBytes(300_000);
const hash = createHash("sha256").update(weights).digest("hex");
let folder, hub, cdn, seen, behave;

/** A hub that sends large files elsewhere, as hubs do, and says their hash when it does. */
function hubServer(request, response) {
  const { pathname } = new URL(request.url, "http://hub");
  seen.push({ method: request.method, path: pathname, authorization: request.headers.authorization });
  if (pathname.endsWith("missing.json")) return response.writeHead(404).end();
  if (pathname.endsWith("config.json")) return response.writeHead(200, { etag: '"small"' }).end("{}");
  const linked = behave.untold ? {} : { "x-linked-etag": `"${hash}"` };
  response.writeHead(302, { location: `http://localhost:${cdn.address().port}/blob`, ...linked }).end();
}

/** Where the bytes are: it may cut connections, be busy, or have others. */
function cdnServer(request, response) {
  seen.push({ method: request.method, path: "/blob", range: request.headers.range, authorization: request.headers.authorization });
  if (behave.busy-- > 0) return response.writeHead(503).end();
  const body = behave.wrong ? Buffer.from(weights).fill(0, 0, 9) : weights;
  const from = behave.noRanges ? 0 : Number(request.headers.range?.match(/\d+/)[0] ?? 0);
  if (from >= body.length) return response.writeHead(416).end();
  const rest = body.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length, etag: '"blob"' });
  if (request.method === "HEAD") return response.end();
  if (behave.cuts-- > 0) return cut(response, rest.subarray(0, 100_000));
  response.end(rest);
}

/** The connection breaks once the client has what was sent. */
function cut(response, sent) {
  behave.busy = behave.busyThen ?? 0;
  response.write(sent, () => setTimeout(() => response.destroy(), 50));
}

const listening = (server) => new Promise((resolve) => server.listen(0, () => resolve(server)));
const at = (file) => new URL(`http://localhost:${hub.address().port}/org/model/resolve/main/${file}`);
const blobs = () => seen.filter(({ path, method }) => path === "/blob" && method === "GET");

before(async () => {
  hub = await listening(createServer(hubServer));
  cdn = await listening(createServer(cdnServer));
});
beforeEach(async () => {
  [seen, behave] = [[], { cuts: 0, busy: 0 }];
  folder = await mkdtemp(join(tmpdir(), "skillmesh-pull-"));
});
after(() => [hub, cdn].forEach((server) => server.close()));

test("a large file comes from where the hub sends it, and the token stays with the hub", async () => {
  await download(at("model.safetensors"), join(folder, "m"), { token: "secret" });
  assert.deepEqual(await readFile(join(folder, "m")), weights);
  assert.ok(seen.every(({ path, authorization }) => authorization === (path === "/blob" ? undefined : "Bearer secret")));
});

test("a connection that is cut goes on where it ended", async () => {
  behave.cuts = 2;
  await download(at("model.safetensors"), join(folder, "m"), {});
  assert.deepEqual(await readFile(join(folder, "m")), weights);
  assert.deepEqual(blobs().map(({ range }) => range), [undefined, "bytes=100000-", "bytes=200000-"]);
});

test("so does another run, and a third one fetches nothing", async () => {
  behave = { cuts: 1, busy: 0, busyThen: 99 };
  const path = join(folder, "m");
  await assert.rejects(download(at("model.safetensors"), path, {}), /status 503; run it again, it goes on where it ended/);
  behave = { cuts: 0, busy: 0 };
  seen = [];
  await download(at("model.safetensors"), path, {});
  assert.equal(blobs()[0].range, "bytes=100000-");
  seen = [];
  await download(at("model.safetensors"), path, {});
  assert.equal(blobs().length, 0);
  assert.deepEqual(await readdir(folder), ["m"]);
});

test("a server without ranges sends all again", async () => {
  behave = { cuts: 1, busy: 0, noRanges: true };
  await download(at("model.safetensors"), join(folder, "m"), {});
  assert.deepEqual(await readFile(join(folder, "m")), weights);
});

test("a server that is busy is asked again", async () => {
  behave.busy = 2;
  await download(at("model.safetensors"), join(folder, "m"), {});
  assert.deepEqual(await readFile(join(folder, "m")), weights);
});

test("other bytes than the hub or the pin says are refused and thrown away", async () => {
  behave.wrong = true;
  await assert.rejects(download(at("model.safetensors"), join(folder, "m"), {}), new RegExp(`expected SHA-256 ${hash}, got [0-9a-f]{64}`));
  behave = { cuts: 0, busy: 0, untold: true };
  const pin = "0".repeat(64);
  await assert.rejects(download(at("model.safetensors"), join(folder, "m"), { sha256: pin }), new RegExp(`expected SHA-256 ${pin}`));
  assert.deepEqual(await readdir(folder), []);
});

test("a file that is missing is said, unless it may be", async () => {
  assert.equal(await download(at("missing.json"), join(folder, "m"), { optional: true }), false);
  await assert.rejects(download(at("missing.json"), join(folder, "m"), {}), /missing\.json: expected a file, got status 404; check the id/);
});

const program = new URL("./node_modules/skillmesh/bin/skillmesh.js", import.meta.url).pathname;
const called = (...words) => new Promise((resolve) => {
  const env = { ...process.env, XDG_CACHE_HOME: folder, HF_ENDPOINT: `http://localhost:${hub.address().port}` };
  execFile(process.execPath, [program, "model", "pull", ...words], { env }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }));
});

test("what is asked wrongly is said in a sentence", async () => {
  assert.match((await called("--help")).out, /Usage: skillmesh model pull/);
  assert.deepEqual(await called("../../etc"), { code: 1, out: "", err: "error: `../../etc`: expected the id of a model on the hub, such as sentence-transformers/all-MiniLM-L6-v2\n" });
  assert.equal((await called("--sha265", "x")).code, 2);
  assert.match((await called("org/model", "--sha256", "12")).err, /expected 64 hexadecimal digits, got 12/);
});
