// What every host is asked, and how a page shows what came. The runner puts this file into each project.

export const question = "opencv contour detection";
const ids = (answer) => answer.hits.map((hit) => hit.id);

/** A card that no registry has, and words for it that it does not have. */
export const added = { id: "new.airship", title: "Airship maintenance", description: "keep a zeppelin in the air" };
const meant = "dirigible balloon repair";

const style = globalThis.CSSStyleSheet && new CSSStyleSheet(); // no policy forbids these
style?.replaceSync("body { font: 15px/1.5 sans-serif; max-width: 60em; margin: 2em auto } pre { white-space: pre-wrap }");

/** Servers ask one mesh for several at once, and a card that is put in changes everybody's scores: who asks and who changes takes turns. */
let [asking, changing] = [0, 0];

async function when(isFree, begin) {
  while (!isFree()) await new Promise((later) => setTimeout(later, 10));
  begin(); // here, since others may look before whoever awaits this goes on
}

/** Answers of a mesh: what it holds, then what is put in, found, and taken out again. */
export async function ask(mesh) {
  await when(() => changing === 0, () => asking++);
  const answers = await held(mesh).finally(() => asking--);
  await when(() => asking + changing === 0, () => changing++);
  const upsert = await changed(mesh).finally(() => changing--);
  return { ...answers, upsert };
}

/** By keywords, then with the model. */
async function held(mesh) {
  const keyword = ids(await mesh.retrieve("seaborn heatmap", { mode: "sparse" }));
  await mesh.semanticReady;
  const hybrid = ids(await mesh.retrieve(question, { mode: "hybrid" }));
  const block = await mesh.emit("claude", question, { topK: 1, mode: "hybrid" });
  return { keyword, hybrid, block: block.trimEnd() };
}

async function changed(mesh) {
  await mesh.upsert([added]);
  const found = ids(await mesh.retrieve(meant, { topK: 1, mode: "dense" }));
  return [...found, ...(await mesh.remove(added.id))];
}

/** Shows answers in a page, and tells the runner. */
export function show(...answers) {
  document.adoptedStyleSheets = [style];
  for (const { keyword, hybrid, block, upsert } of answers) {
    const found = list("seaborn heatmap, by keywords", keyword).concat(list(`${question}, hybrid`, hybrid), list(`${meant}, put in`, upsert));
    document.body.append(...found, element("pre", block));
  }
  globalThis.answers = answers;
}

function list(title, found) {
  const all = element("ol", "");
  all.append(...found.map((id) => element("li", id)));
  return [element("h2", title), all];
}

function element(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}
