// Which of the files that a caller gives may hold cards, or are named by files that do? Those are read, and the others told of.

import { SkillMeshError, refused } from "./error.js";

/** What a registry within a folder is called, and how a file ends that may lie in none. */
const REGISTRIES = ["tools.enriched.json", "experts.yaml", "experts.json", "registry.json", "registry.yaml", "registry.yml"];
const CARDS = /.\.(md|json|jsonl|yaml|yml)$/i;
/** Bytes in all: wasm holds each several times. */
const MOST = 128 * 1024 * 1024;
/** No registry means what lies here. */
const FOREIGN = [".git", "node_modules"];

/** The files that count, with their bytes, and a remark on each that nobody would expect to be passed over. */
export async function readGiven(files) {
  const all = listed(files).map(fileOf);
  const [cards, others] = parted(await Promise.all(all), ({ path }) => mayHoldCards(path));
  checkSize(cards);
  const read = await Promise.all(cards.map(contentOf));
  const words = new Set(read.filter(({ path }) => !path.endsWith(".md")).flatMap(wordsOf));
  const [named, unread] = parted(others, ({ path }) => words.has(lastWord(path)));
  checkSize([...cards, ...named]);
  return { files: [...read, ...(await Promise.all(named.map(contentOf)))], findings: passedOver(unread, cards.length === 0) };
}

function listed(files) {
  if (typeof files?.[Symbol.iterator] === "function" && typeof files !== "string") return [...files];
  throw refused("files: expected a list of files, each { path, text } or { path, bytes } or a File");
}

/** A file's path, size and how it is read; one that was chosen in a browser says where it lay in its folder. */
async function fileOf(given, number) {
  const file = await given;
  const path = file?.path ?? (file?.webkitRelativePath || file?.name);
  const at = typeof path === "string" ? plain(path) : "";
  if (at === "") throw refused(`files[${number}]: expected \`path\`, got ${typeof path === "string" ? "an empty text" : typeof path}`);
  if (typeof file.text === "string") return { path: at, size: file.text.length, read: () => new TextEncoder().encode(file.text) };
  if (file.bytes instanceof Uint8Array) return { path: at, size: file.bytes.length, read: () => file.bytes };
  if (typeof Blob !== "undefined" && file instanceof Blob) return { path: at, size: file.size, read: () => bytesOf(file, at) };
  throw refused(`files[${number}]: ${path}: expected \`text\` or \`bytes\`, or a File`);
}

async function bytesOf(file, path) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new SkillMeshError("io", `${path}: the file can't be read: ${error.message}; give it anew`, error);
  }
}

async function contentOf({ path, read }) {
  return { path, bytes: await read() };
}

/** The path as it is from the folder that was given: `./a//b` and `/a/b` are `a/b`. */
function plain(path) {
  return path.split("/").filter((part) => part !== "" && part !== ".").join("/");
}

function mayHoldCards(path) {
  const [name, ...folders] = path.split("/").reverse();
  if (folders.length === 0) return CARDS.test(name);
  return !folders.includes(".git") && (name === "SKILL.md" || (folders.length === 1 && REGISTRIES.includes(name)));
}

function checkSize(files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size <= MOST) return;
  const largest = files.reduce((one, other) => (other.size > one.size ? other : one));
  const got = `${megabytes(size)} in ${files.length}, the largest of which is ${largest.path} with ${megabytes(largest.size)}`;
  throw refused(`files: expected at most ${megabytes(MOST)} of registries, skills and what they name, got ${got}; give fewer, or build on a disk`);
}

function megabytes(bytes) {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}

/** The words of a registry, among which are the last ones of the names of its instruction files. */
function wordsOf({ bytes }) {
  const text = new TextDecoder().decode(bytes);
  return words(text.replace(/\\(?:u([\da-f]{4})|x([\da-f]{2}))/gi, (_, long, short) => String.fromCharCode(parseInt(long ?? short, 16))));
}

function words(text) {
  return text.split(/[\s"'`,;:/\\[\]{}()<>#]+/);
}

function lastWord(path) {
  return words(path).at(-1);
}

function passedOver(unread, isNothing) {
  const here = unread.filter(({ path }) => !path.includes("/")).map(({ path }) => notRead(path, NO_CARDS));
  const deep = unread.filter(({ path }) => isDeep(path)).map(({ path }) => notRead(path, tooDeep(path)));
  const said = [...here, ...deep];
  if (!isNothing || said.length > 0 || unread.length === 0) return said;
  const others = unread.length === 1 ? "" : `, as ${unread.length - 1} more in folders`;
  return [notRead(unread[0].path, `not read${others}; expected a registry (${REGISTRIES.join(", ")}) in the folder, or SKILL.md in any`)];
}

const NO_CARDS = "neither registry nor skill, and not read; expected a file that ends in .json, .jsonl, .yaml, .yml or .md";

function isDeep(path) {
  const [name, ...folders] = path.split("/").reverse();
  return folders.length > 1 && REGISTRIES.includes(name) && !folders.some((folder) => FOREIGN.includes(folder));
}

function tooDeep(path) {
  const below = path.split("/").slice(-2).join("/");
  return `a registry is read in the folder that is given, and this one lies deeper; not read; to have it read, give it as ${below}`;
}

function notRead(path, message) {
  return { path, line: null, pointer: null, code: "not-read", severity: "warning", message };
}

/** Those that are so, and the others. */
function parted(files, isSo) {
  return [files.filter(isSo), files.filter((file) => !isSo(file))];
}
