// What do the attributes say? An empty one, which frameworks write for an absent value, says nothing.

import { PACKAGED } from "../packaged.js";

/** Pages that are shown at most, where `limit` says nothing, and where it may say what it likes. */
const LIMIT = 8;
const MOST = 1000;

export function said(element, name) {
  return element.getAttribute(name)?.trim() || null;
}

/** The address in an attribute. */
export function address(element, name) {
  const [text, page] = [said(element, name), element.ownerDocument.baseURI];
  if (!text) throw new Error(`the attribute \`${name}\` is missing`);
  if (URL.canParse(text, page)) return new URL(text, page).href;
  throw new Error(`${name}: expected an address such as "/${name}.msgpack", got "${text}"`);
}

/** Where the model is, or its name, and the vectors for it where the snapshot has none. */
export function model(element) {
  const named = said(element, "model");
  return { model: named === PACKAGED ? named : address(element, "model"), vectors: said(element, "vectors") && address(element, "vectors") };
}

/** What addresses in the snapshot are relative to: the folder `base`, else that of the snapshot, else where the site begins. */
export function base(element) {
  const [text, page] = [said(element, "base"), element.ownerDocument.baseURI];
  const given = text && (text.endsWith("/") ? text : `${text}/`);
  if (given && URL.canParse(given, page)) return new URL(given, page);
  if (given) complain("base", 'a folder such as "/project/"', text);
  return new URL(said(element, "snapshot") ? "." : "/", new URL(said(element, "snapshot") ?? "", page));
}

export function limit(element) {
  const text = said(element, "limit") ?? LIMIT;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= MOST) return count;
  complain("limit", `a whole number from 1 to ${MOST}`, text);
  return LIMIT;
}

/** Who asks; an empty list is somebody without any skill, not everybody. */
export function skills(element) {
  return element.getAttribute("skills")?.split(",").map((name) => name.trim()).filter(Boolean);
}

/** Says to whoever made the page what cannot be used. */
export function complain(name, expected, got) {
  console.error(`skillmesh-search: ${name}: expected ${expected}, got ${typeof got === "string" ? `"${got}"` : JSON.stringify(got)}`);
}
