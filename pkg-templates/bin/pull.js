// How does a published model become a model pack? Fetched from a hub, file by file, compared with what it should be, then imported.

import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { download } from "./download.js";
import { run } from "./run.js";

const HELP = `Fetch a BERT model from a hub and turn it into a model pack

Usage: skillmesh model pull [OPTIONS] [ID]

Arguments:
  [ID]  The model on the hub [default: sentence-transformers/all-MiniLM-L6-v2]

Options:
      --out <OUT>        The file to write [default: models/hub/ID.msgpack in the cache folder; of the
                         default model models/minilm.msgpack, which --model minilm names]
      --revision <NAME>  A commit, tag or branch of the model [default: main; of the default model a
                         commit whose files are known]
      --sha256 <HEX>     Refuse weights with another SHA-256; known for the default model
      --hub <URL>        Where models are [default: $HF_ENDPOINT, else https://huggingface.co]
  -h, --help             Print help

The cache folder is skillmesh in $XDG_CACHE_HOME, else in ~/.cache. What was fetched stays in its
folder hub, so that nothing is fetched twice; remove it whenever you like. A download that was cut
goes on where it ended. HF_TOKEN is sent to the hub if it is set.

All files of the default model's commit are compared with the SHA-256 that this program knows. Of
other models the weights are compared with --sha256, and every file with what the hub says of it:
its SHA-256 if it says one, else length and ETag.
`;

/** The published files of one commit, which other programs pin too. */
const DEFAULT = {
  id: "sentence-transformers/all-MiniLM-L6-v2",
  revision: "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
  pins: {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
  },
};

/** What a model consists of; all but the first three may be missing. */
const FILES = Object.keys(DEFAULT.pins);
const NEEDED = 3;

const OPTIONS = {
  out: { type: "string" },
  revision: { type: "string" },
  sha256: { type: "string" },
  hub: { type: "string" },
  help: { type: "boolean", short: "h" },
};

/** Pulls the model that the words name; resolves to the exit code. */
export async function pull(words) {
  const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  if (!values.help) return pulled(asked(values, positionals));
  process.stdout.write(HELP);
  return 0;
}

function asked({ out, revision, sha256, hub }, [id = DEFAULT.id, ...more]) {
  if (more.length > 0) throw new Error(`expected one model, got also ${more.join(" ")}; pull them one by one`);
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(id) || id.split("/").some(isDots)) {
    throw new Error(`\`${id}\`: expected the id of a model on the hub, such as ${DEFAULT.id}`);
  }
  if (revision !== undefined && isDots(revision)) throw new Error(`--revision: expected a commit, tag or branch, got \`${revision}\``);
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) throw new Error(`--sha256: expected 64 hexadecimal digits, got \`${sha256}\``);
  const isDefault = id === DEFAULT.id;
  const wanted = revision ?? (isDefault ? DEFAULT.revision : "main");
  const known = isDefault && wanted === DEFAULT.revision ? DEFAULT.pins : {};
  return {
    id,
    revision: wanted,
    hub: hubAt(hub),
    token: tokenOf(process.env.HF_TOKEN),
    pins: { ...known, ...(sha256 && { "model.safetensors": sha256.toLowerCase() }) },
    out: resolve(out ?? join(cache(), "models", isDefault ? "minilm.msgpack" : join("hub", `${id}.msgpack`))),
  };
}

/** Names that would lead out of a folder, or nowhere. */
function isDots(name) {
  return /^\.*$/.test(name);
}

function hubAt(named) {
  const [who, text] = named === undefined ? ["HF_ENDPOINT", process.env.HF_ENDPOINT || "https://huggingface.co"] : ["--hub", named];
  const hub = URL.canParse(text) ? new URL(text) : undefined;
  if (/^https?:$/.test(hub?.protocol) && !hub.username && !hub.search && !hub.hash) return hub;
  throw new Error(`${who}: expected an address such as https://huggingface.co, got \`${text}\``);
}

/** A token that cannot be sent is not shown either. */
function tokenOf(token) {
  if (!token || /^[\x21-\x7e]+$/.test(token)) return token;
  throw new Error("HF_TOKEN: expected letters, digits and signs of ASCII, got a space, a line break or something else; set it anew");
}

function cache() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "skillmesh");
}

async function pulled({ id, revision, hub, token, pins, out }) {
  const folder = join(cache(), "hub", id, encodeURIComponent(revision));
  for (const [number, file] of FILES.entries()) {
    const address = new URL(`${hub.pathname.replace(/\/$/, "")}/${id}/resolve/${encodeURIComponent(revision)}/${file}`, hub);
    const sha256 = pins[file];
    await download(address, join(folder, file), { sha256, token, optional: number >= NEEDED && !sha256 });
  }
  await mkdir(dirname(out), { recursive: true });
  return run(["model", "import", folder, "--name", id.split("/").at(-1), "--out", out]);
}
