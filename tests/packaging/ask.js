// What every host is asked, and how a page shows what came. The runner puts this file into each project.

export const question = "opencv contour detection";
const ids = (answer) => answer.hits.map((hit) => hit.id);

/** A card that no registry has, and words for it that it does not have. */
export const added = { id: "new.airship", title: "Airship maintenance", description: "keep a zeppelin in the air" };
const meant = "dirigible balloon repair";

const style = globalThis.CSSStyleSheet && new CSSStyleSheet(); // no policy forbids these
style?.replaceSync("body { font: 15px/1.5 sans-serif; max-width: 60em; margin: 2em auto } pre { white-space: pre-wrap }");

/** Answers of a mesh: by keywords, then with the model, then with a card that was put in meanwhile. */
export async function ask(mesh) {
  const keyword = ids(await mesh.retrieve("seaborn heatmap", { mode: "sparse" }));
  await mesh.semanticReady;
  const hybrid = ids(await mesh.retrieve(question, { mode: "hybrid" }));
  const block = await mesh.emit("claude", question, { topK: 1, mode: "hybrid" });
  await mesh.upsert([added]);
  const upsert = ids(await mesh.retrieve(meant, { topK: 1, mode: "dense" }));
  return { keyword, hybrid, block: block.trimEnd(), upsert };
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
