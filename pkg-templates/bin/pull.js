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
      --out <OUT>        The file to write [default: in the cache folder]
      --revision <NAME>  A commit, tag or branch of the model [default: main]
      --sha256 <HEX>     Refuse weights with another SHA-256; known for the default model
      --hub <URL>        Where models are [default: $HF_ENDPOINT, else https://huggingface.co]
  -h, --help             Print help

A download that was cut goes on where it ended. HF_TOKEN is sent to the hub if it is set.
`;

const DEFAULT = { id: "sentence-transformers/all-MiniLM-L6-v2", sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db" };

/** What a model consists of; all but the first three may be missing. */
const FILES = ["config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json", "modules.json", "sentence_bert_config.json"];
const NEEDED = 3;

const OPTIONS = {
  out: { type: "string" },
  revision: { type: "string", default: "main" },
  sha256: { type: "string" },
  hub: { type: "string" },
  help: { type: "boolean", short: "h" },
};

/** Pulls the model that the words name; resolves to the exit code. */
export async function pull(words) {
  try {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
    if (values.help) return process.stdout.write(HELP), 0;
    return await pulled(asked(values, positionals));
  } catch (error) {
    console.error(`error: ${error.message}`);
    return error.code?.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
  }
}

function asked({ out, revision, sha256, hub }, [id = DEFAULT.id, ...more]) {
  if (more.length > 0) throw new Error(`expected one model, got also ${more.join(" ")}; pull them one by one`);
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(id) || id.split("/").some((part) => /^\.+$/.test(part))) {
    throw new Error(`\`${id}\`: expected the id of a model on the hub, such as ${DEFAULT.id}`);
  }
  if (sha256 && !/^[0-9a-f]{64}$/i.test(sha256)) throw new Error(`--sha256: expected 64 hexadecimal digits, got ${sha256}`);
  const isDefault = id === DEFAULT.id;
  const file = isDefault ? "minilm.msgpack" : `${id.split("/").at(-1)}.msgpack`;
  return {
    id,
    revision,
    hub: new URL(hub ?? process.env.HF_ENDPOINT ?? "https://huggingface.co"),
    sha256: (sha256 ?? (isDefault && revision === "main" ? DEFAULT.sha256 : undefined))?.toLowerCase(),
    out: resolve(out ?? join(cache(), "models", file)),
  };
}

function cache() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "skillmesh");
}

async function pulled({ id, revision, hub, sha256, out }) {
  const folder = join(cache(), "hub", id, encodeURIComponent(revision));
  for (const [number, file] of FILES.entries()) {
    const address = new URL(`${hub.pathname.replace(/\/$/, "")}/${id}/resolve/${encodeURIComponent(revision)}/${file}`, hub);
    const pin = file === "model.safetensors" ? sha256 : undefined;
    await download(address, join(folder, file), { sha256: pin, token: process.env.HF_TOKEN, optional: number >= NEEDED });
  }
  await mkdir(dirname(out), { recursive: true });
  return run(["model", "import", folder, "--name", id.split("/").at(-1), "--out", out]);
}
