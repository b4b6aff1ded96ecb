// What can the pages ask? Everything here may be called in a worker that started a moment ago.

import { SkillMesh, indexedDbStore } from "./skillmesh/browser.js";
import { ownSnapshot } from "./own.js";
import { settings } from "./settings.js";

const learnt = indexedDbStore();
let opening; // the mesh of this worker; the next worker opens its own

function mesh() {
  opening ??= opened().catch((error) => {
    opening = undefined; // the next question tries anew
    throw error;
  });
  return opening;
}

async function opened() {
  const [{ meaning }, own] = await Promise.all([settings(), ownSnapshot()]);
  const mesh = await SkillMesh.load(own?.bytes ?? "registry.msgpack", meaning ? {} : { model: null });
  await mesh.syncState(learnt);
  return mesh;
}

/** What `step` makes of the mesh; once more, where another one took its place meanwhile. */
async function ask(step) {
  try {
    return await step(await mesh());
  } catch (error) {
    if (error.code !== "freed") throw error;
    return step(await mesh());
  }
}

/** Whether meaning answers: `off`, `ready`, or `failed` with the reason. Waits until that is known. */
async function meaning(mesh) {
  return mesh.semanticReady.then((ready) => ({ state: ready ? "ready" : "off" }), ({ message }) => ({ state: "failed", reason: message }));
}

export const answers = {
  /** The skills for a query: at once by keywords, or with meaning when the model is there. */
  find: ({ query, keywords, all }) => ask(async (mesh) => {
    const joined = keywords ? { state: "off" } : await meaning(mesh);
    const { count } = await settings();
    const sure = all ? {} : { minConfidence: "medium" };
    const answer = await mesh.retrieve(query, { topK: count, feedback: true, ...(keywords && { mode: "sparse" }), ...sure });
    return { ...answer, hits: answer.hits.map(shown), meaning: joined };
  }),

  /** The block of the first skills for a query. That somebody copies them is remembered in their favour. */
  copy: ({ query, mode, ids }) => ask(async (mesh) => {
    const { provider } = await settings();
    const block = await mesh.emit(provider, query, { topK: ids.length, mode, feedback: true });
    for (const skill of ids) await mesh.recordOutcome({ query, skill, success: true });
    await mesh.syncState(learnt); // before the answer, after which the browser may end this worker
    return block;
  }),

  /** What is searched. */
  about: () => ask(async (mesh) => {
    const { cards, bytes, model } = mesh.stats();
    const own = await ownSnapshot();
    return { name: own?.name ?? null, cards, bytes, model: model?.name ?? null, meaning: await meaning(mesh) };
  }),

  /** Has the next question answered by what was chosen meanwhile. */
  async renew() {
    const old = opening;
    opening = undefined;
    (await old?.catch(() => undefined))?.free();
  },

  /** Forgets what was copied. */
  async forget() {
    await answers.renew();
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase("skillmesh");
      Object.assign(request, { onsuccess: resolve, onerror: () => reject(request.error) });
    });
  },
};

/** A hit as messages can carry it, with why it was found. */
function shown({ id, title, domain, description, snippet: { text, ranges }, explain: { sparse, boost } }) {
  return { id, title, domain, description, text, ranges, byMeaning: sparse === null, copied: (boost?.added ?? 0) > 0 };
}
