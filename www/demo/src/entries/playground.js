// The playground over the example registry.

import { SkillMesh } from "skillmesh";
import { fromAddress } from "../address.js";
import { REGISTRY } from "../data.js";
import { button, h } from "../dom.js";
import { inWorker } from "../in-worker.js";
import { meaning as startMeaning } from "../meaning.js";
import { keepOffline } from "../offline.js";
import { playground } from "../playground.js";
import { common } from "../common.js";

const root = document.querySelector("[data-part=playground]");
const field = root.querySelector("#query");
const asked = fromAddress();
const meaning = startMeaning((onProgress) => inWorker(SkillMesh, REGISTRY.whole, onProgress));

async function start() {
  const mesh = await SkillMesh.load(REGISTRY.words);
  const typed = field.value !== field.defaultValue;
  const q = typed ? field.value : (asked.q ?? field.value);
  playground(root, { mesh, meaning, state: { ...asked, q }, eager: typed || asked.q !== null });
  keepOffline(meaning);
}

function failed(error) {
  const again = button("Try again", () => (note.remove(), start().catch(failed)));
  const note = h("p", { class: "notice", role: "alert" }, `The search could not be started: ${error.message} `, again);
  root.querySelector("[data-part=meaning]").before(note);
}

common();
start().catch(failed);
