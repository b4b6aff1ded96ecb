// Which files did somebody drop or pick, by which paths, and what do they say? Nothing of it leaves the page.

/** What a registry may be made of; a folder holds much else. */
const KINDS = /\.(ya?ml|json|md|txt)$/i;

/** Folders that are somebody else's. */
const APART = /(^|\/)(node_modules|\.git)\//;

/** More characters than any card has. */
const LARGEST = 5_000_000;

/** The files that can be read as text, and those that are passed over. */
export function readable(files) {
  const can = ({ path, size }) => KINDS.test(path) && !APART.test(path) && size <= LARGEST;
  return { kept: files.filter(can), passed: files.filter((file) => !can(file)) };
}

/** What is in them, as the package takes it. */
export function contents(files) {
  return Promise.all(files.map(async ({ path, file, text }) => (file ? { path, bytes: new Uint8Array(await file.arrayBuffer()) } : { path, text })));
}

/** Files of an input, by their paths within the folder that was picked. */
export function picked(files) {
  return [...files].map((file) => named(file.webkitRelativePath || file.name, file));
}

/** Files of a drop, folders walked through. */
export async function dropped({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean); // before anything is awaited: then they are gone
  const plain = [...files];
  return entries.length ? (await Promise.all(entries.map((entry) => walked(entry, "")))).flat() : picked(plain);
}

const named = (path, file) => ({ path, file, size: file.size });

async function walked(entry, above) {
  const path = `${above}${entry.name}`;
  if (entry.isFile) return [named(path, await new Promise((resolve, reject) => entry.file(resolve, reject)))];
  if (APART.test(`${path}/`)) return [];
  const inside = await listed(entry.createReader());
  return (await Promise.all(inside.map((one) => walked(one, `${path}/`)))).flat();
}

/** All entries of a folder, which come in batches. */
async function listed(reader) {
  const all = [];
  for (;;) {
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return all;
    all.push(...batch);
  }
}
