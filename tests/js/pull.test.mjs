// Does `skillmesh model pull` get a model from a hub as hubs are: redirects, ranges, cut connections, wrong bytes?
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { mkdir, mkdtemp, readFile, readdir, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, beforeEach, mock, test } from "node:test";
import { download } from "./node_modules/skillmesh/bin/download.js";
import { tinyBert } from "./tiny-bert.mjs";

const weights = randomBytes(1_300_000);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const hash = sha256(weights);
let folder, hub, cdn, own, seen, behave, answer;

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
  const rest = body.subarray(from);
  const range = { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` };
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length, etag: '"blob"', ...(from > 0 && range) });
  if (request.method === "HEAD") return response.end();
  if (behave.cuts-- > 0) return cut(response, rest.subarray(0, 100_000));
  response.end(rest);
}

/** The connection breaks once the client has what was sent. */
function cut(response, sent) {
  behave.busy = behave.busyThen ?? 0;
  response.write(sent, () => setTimeout(() => response.destroy(), 50));
}

/** A hub that answers as a test says, with what it was asked. */
function ownServer(request, response) {
  const from = Number(request.headers.range?.match(/\d+/)[0] ?? 0);
  seen.push({ method: request.method, path: request.url, range: request.headers.range, ifRange: request.headers["if-range"] });
  answer({ request, response, from, isHead: request.method === "HEAD" });
}

/** Sends a file from `from` on, as servers should; with `upTo` the connection breaks there. */
function send({ response, from = 0, isHead }, body, { etag = '"e"', upTo, headers } = {}) {
  const range = from > 0 && { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` };
  response.writeHead(from > 0 ? 206 : 200, { "content-length": body.length - from, etag, ...range, ...headers });
  if (isHead) return response.end();
  return upTo ? cut(response, body.subarray(from, upTo)) : response.end(body.subarray(from));
}

const listening = (server) => new Promise((resolve) => server.listen(0, () => resolve(server)));
const at = (file) => new URL(`http://localhost:${hub.address().port}/org/model/resolve/main/${file}`);
const here = (file = "tokenizer.json") => new URL(`http://localhost:${own.address().port}/${file}`);
const gets = () => seen.filter(({ method }) => method === "GET");
const blobs = () => seen.filter(({ path, method }) => path === "/blob" && method === "GET");

before(async () => {
  hub = await listening(createServer(hubServer));
  cdn = await listening(createServer(cdnServer));
  own = await listening(createServer(ownServer));
});
beforeEach(async () => {
  [seen, behave] = [[], { cuts: 0, busy: 0 }];
  folder = await mkdtemp(join(tmpdir(), "skillmesh-pull-"));
});
after(() => [hub, cdn, own].forEach((server) => server.close()));

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

/** Two versions of a file, of the same length. */
const [earlier, later] = [Buffer.alloc(200_000, "a"), Buffer.alloc(200_000, "b")];

test("a file that changes while its connection is cut is never half the one and half the other", async () => {
  let now = earlier;
  answer = (asked) => {
    const etag = now === earlier ? '"a"' : '"b"';
    send(asked, now, { etag, upTo: now === earlier ? 100_000 : undefined });
    if (!asked.isHead) now = later;
  };
  await download(here(), join(folder, "t"), {});
  assert.ok(later.equals(await readFile(join(folder, "t"))));
  assert.deepEqual(await readdir(folder), ["t"]);
});

test("nor where it changes between two answers: the server is told which file is meant, and its answer is looked at", async () => {
  let cuts = 1;
  answer = (asked) => {
    if (asked.isHead) return send({ ...asked, from: 0 }, earlier, { etag: '"a"' });
    const isFirst = cuts-- > 0;
    send(asked, isFirst ? earlier : later, isFirst ? { etag: '"a"', upTo: 100_000 } : { etag: '"b"' });
  };
  await download(here(), join(folder, "t"), {});
  assert.ok(later.equals(await readFile(join(folder, "t"))));
  assert.deepEqual(gets().map(({ range, ifRange }) => [range, ifRange]), [[undefined, undefined], ["bytes=100000-", '"a"'], [undefined, undefined]]);
});

test("a part is not gone on with where nobody can say what it is of", async () => {
  let cuts = 1;
  answer = (asked) => send(asked, earlier, { etag: 'W/"a"', upTo: !asked.isHead && cuts-- > 0 ? 100_000 : undefined });
  await download(here(), join(folder, "t"), {});
  assert.deepEqual(gets().map(({ range }) => range), [undefined, undefined]);
});

test("a server that sends another part than the one asked for is asked for all of it", async () => {
  let cuts = 1;
  answer = (asked) => {
    if (asked.isHead || asked.from === 0) return send(asked, earlier, { upTo: !asked.isHead && cuts-- > 0 ? 100_000 : undefined });
    send(asked, earlier, { headers: { "content-range": "bytes 0-199999/200000", "content-length": 100_000 } });
  };
  await download(here(), join(folder, "t"), {});
  assert.ok(earlier.equals(await readFile(join(folder, "t"))));
});

test("a server that says there is no more is believed where the length says so too", async () => {
  let cuts = 1;
  answer = (asked) => {
    if (asked.from > 0) return asked.response.writeHead(416, { "content-range": `bytes */${asked.from + 1}` }).end();
    send(asked, earlier, { upTo: !asked.isHead && cuts-- > 0 ? 100_000 : undefined });
  };
  await download(here(), join(folder, "t"), {});
  assert.ok(earlier.equals(await readFile(join(folder, "t"))));
});

test("a file that is shorter than the hub says is not taken", async () => {
  let shorts = 1;
  answer = (asked) => (asked.isHead || shorts-- < 1 ? send(asked, earlier) : asked.response.writeHead(200, { etag: '"e"' }).end("aaa"));
  await download(here(), join(folder, "t"), {});
  assert.ok(earlier.equals(await readFile(join(folder, "t"))));
  assert.deepEqual(gets().map(({ range }) => range), [undefined, "bytes=3-"]);
});

test("an ETag that holds many digits is a SHA-256 only if it is nothing else", async () => {
  answer = (asked) => send(asked, earlier, { etag: `"${createHash("sha512").update(earlier).digest("hex")}"` });
  await download(here(), join(folder, "t"), {});
  assert.ok(earlier.equals(await readFile(join(folder, "t"))));
});

test("what the hub no longer has is no longer here, and neither are parts of other versions", async () => {
  await writeFile(join(folder, "t"), "old");
  await writeFile(join(folder, "t.0123456789abcdef.part"), "old");
  answer = ({ response }) => response.writeHead(404).end();
  assert.equal(await download(here(), join(folder, "t"), { optional: true }), false);
  assert.deepEqual(await readdir(folder), []);
});

test("what has the pinned hash is not asked for", async () => {
  await writeFile(join(folder, "m"), weights);
  await download(here(), join(folder, "m"), { sha256: hash });
  assert.deepEqual(seen, []);
});

test("of two that fetch one file the second waits for the first", async () => {
  const { mock: said } = mock.method(console, "error", () => {});
  const path = join(folder, "m");
  await Promise.all([download(at("model.safetensors"), path, {}), download(at("model.safetensors"), path, {})]);
  mock.restoreAll();
  assert.equal(blobs().length, 1);
  assert.deepEqual(said.calls.map((call) => call.arguments[0]), [`note: waiting for another program that fetches ${path}; it holds ${path}.lock`]);
  assert.deepEqual(await readFile(path), weights);
});

test("a program that was killed is not waited for, nor is one elsewhere that was not heard of for long", async () => {
  const path = join(folder, "m");
  for (const [holder, touched] of [[`${hostname()} 999999999 1`, new Date()], ["elsewhere 1 1", new Date(Date.now() - 60_000)]]) {
    await writeFile(`${path}.lock`, holder);
    await utimes(`${path}.lock`, touched, touched);
    await download(at("model.safetensors"), path, {});
    assert.deepEqual(await readdir(folder), ["m"]);
  }
});

test("redirects lead to the web, and to nothing less private", async () => {
  for (const location of ["file:///etc/passwd", "data:,hello", "http://"]) {
    answer = ({ response }) => response.writeHead(302, { location }).end();
    const refused = new Error(`${here()}: expected a redirect to http or https, got one to ${location}`);
    await assert.rejects(download(here(), join(folder, "t"), {}), { message: refused.message });
  }
  mock.method(globalThis, "fetch", async () => new Response(null, { status: 302, headers: { location: "http://hub/t" } }));
  const fromPrivate = download(new URL("https://hub/t"), join(folder, "t"), {}).finally(() => mock.restoreAll());
  await assert.rejects(fromPrivate, /expected a redirect to https, got one to http:/);
});

test("who may not read a model hears what to check", async () => {
  for (const [status, hint] of [[401, /got 401; check the id and the revision, and set HF_TOKEN/], [403, /got 403; accept the model's terms/]]) {
    answer = ({ response }) => response.writeHead(status).end();
    await assert.rejects(download(here(), join(folder, "t"), {}), hint);
  }
});

const terminal = new URL("./node_modules/skillmesh/bin/skillmesh.js", import.meta.url).pathname;
const ran = (program, words, more = {}) => new Promise((resolve) => {
  const env = { ...process.env, XDG_CACHE_HOME: folder, HF_ENDPOINT: `http://localhost:${hub.address().port}`, ...more };
  execFile(program[0], [...program.slice(1), ...words], { env, cwd: folder }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }));
});
const called = (words, more) => ran([process.execPath, terminal], words, more);
const pulled = (...words) => called(["model", "pull", ...words]);
const hubOf = (files) => (asked) => {
  const body = files[asked.request.url.split("/resolve/main/")[1]];
  return body ? send(asked, body, { etag: `"${createHash("sha1").update(body).digest("hex")}"` }) : asked.response.writeHead(404).end();
};

test("a model from a hub becomes the pack that the native program makes, and builds what it builds", async () => {
  answer = hubOf(tinyBert);
  const native = (...words) => ran([process.env.SKILLMESH_CLI], words);
  const pull = await called(["model", "pull", "tiny/bert"], { HF_ENDPOINT: here("").href });
  assert.deepEqual(pull, { ...pull, code: 0, err: "" });
  const pack = join(folder, "skillmesh/models/hub/tiny/bert.msgpack");
  for (const [name, bytes] of Object.entries(tinyBert)) {
    await mkdir(dirname(join(folder, "files", name)), { recursive: true });
    await writeFile(join(folder, "files", name), bytes);
  }
  await native("model", "import", "files", "--name", "bert", "--out", "native.msgpack");
  assert.deepEqual(await readFile(pack), await readFile(join(folder, "native.msgpack")));
  await writeFile(join(folder, "experts.yaml"), "- id: video.blur\n  title: Blur faces\n- id: viz.plot\n  title: Plot numbers\n");
  const build = (out) => ["build", "experts.yaml", "--model", pack, "--out", out];
  assert.match((await called(build("a.msgpack"))).out, /2 cards, .* vectors/);
  await native(...build("b.msgpack"));
  assert.deepEqual(await readFile(join(folder, "a.msgpack")), await readFile(join(folder, "b.msgpack")));
});

test("a pack of another name does not become the model of every command", async () => {
  answer = hubOf(tinyBert);
  await called(["model", "pull", "evil/minilm"], { HF_ENDPOINT: here("").href });
  assert.deepEqual(await readdir(join(folder, "skillmesh/models")), ["hub"]);
});

test("the default model is one commit, of which every file is known", async () => {
  answer = (asked) => send(asked, Buffer.from("{}"));
  const { code, err } = await called(["model", "pull"], { HF_ENDPOINT: here("mirror/").href });
  assert.equal(code, 2);
  const { path } = seen[0];
  assert.match(path, /^\/mirror\/sentence-transformers\/all-MiniLM-L6-v2\/resolve\/[0-9a-f]{40}\/config\.json$/);
  assert.match(err, /config\.json: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}; what came was thrown away; check the pin and the revision\n$/);
});

test("a large file is told of once where nobody sees progress, and on one line that ends where somebody does", async () => {
  const told = async () => {
    const { mock: written } = mock.method(process.stderr, "write", () => true);
    await download(at("model.safetensors"), join(await mkdtemp(join(folder, "to-")), "m"), {}).catch(() => {});
    mock.restoreAll();
    return written.calls.map((call) => call.arguments[0]).join("");
  };
  const was = process.stderr.isTTY;
  process.stderr.isTTY = false;
  assert.equal(await told(), "fetching model.safetensors, 1.3 MB\n");
  process.stderr.isTTY = true;
  behave = { cuts: 1, busy: 0 };
  assert.match(await told(), /^(\rmodel\.safetensors \d %)+\n(\rmodel\.safetensors \d+ %)+\n$/);
  process.stderr.isTTY = was;
});

test("what is asked wrongly is said in a sentence", async () => {
  const example = "sentence-transformers/all-MiniLM-L6-v2";
  const says = async (sentence, words, more) => {
    assert.deepEqual(await called(["model", "pull", ...words], more), { code: 2, out: "", err: `error: ${sentence}\n` });
  };
  await says(`\`../../etc\`: expected the id of a model on the hub, such as ${example}`, ["../../etc"]);
  await says("expected one model, got also b; pull them one by one", ["a", "b"]);
  await says("--sha256: expected 64 hexadecimal digits, got `12`", ["org/model", "--sha256", "12"]);
  await says("--revision: expected a commit, tag or branch, got `..`", ["org/model", "--revision", ".."]);
  await says("--hub: expected an address such as https://huggingface.co, got `nohub`", ["org/model", "--hub", "nohub"]);
  await says("--hub: expected an address such as https://huggingface.co, got ``", ["org/model", "--hub", ""]);
  await says("HF_ENDPOINT: expected an address such as https://huggingface.co, got `file:///x`", ["org/model"], { HF_ENDPOINT: "file:///x" });
  const token = "HF_TOKEN: expected letters, digits and signs of ASCII, got a space, a line break or something else; set it anew";
  await says(token, ["org/model"], { HF_TOKEN: "se\ncret" });
  assert.equal((await pulled("--sha265", "x")).code, 2);
  const unheard = await pulled("org/model", "--hub", "http://localhost:1235");
  assert.equal(unheard.code, 2);
  assert.match(unheard.err, /config\.json: .*ECONNREFUSED.*; run it again/);
});

test("an empty HF_ENDPOINT is none", async () => {
  assert.match((await called(["model", "pull", "a", "b"], { HF_ENDPOINT: "" })).err, /expected one model/);
});

test("help is where one looks for it", async () => {
  for (const words of [["model", "pull", "--help"], ["help", "model", "pull"], ["model", "help", "pull"]]) {
    assert.match((await called(words)).out, /Usage: skillmesh model pull/);
  }
});
