// The playground over the example registry.

import { SkillMesh } from "skillmesh";
import registry from "../../.stage/data/registry.msgpack?url";
import { fromAddress } from "../address.js";
import { button, h } from "../dom.js";
import { meaning } from "../meaning.js";
import { playground } from "../playground.js";
import { common } from "./common.js";

const root = document.querySelector("[data-part=playground]");
const field = root.querySelector("#query");
const asked = fromAddress();

async function start() {
  const mesh = await SkillMesh.load(new URL(registry, document.baseURI));
  const typed = field.value !== field.defaultValue;
  const q = typed ? field.value : (asked.q ?? field.value);
  playground(root, { mesh, meaning: meaning(), state: { ...asked, q }, eager: typed || asked.q !== null });
}

function failed(error) {
  const again = button("Try again", () => (note.remove(), start().catch(failed)));
  const note = h("p", { class: "notice", role: "alert" }, `The search could not be started: ${error.message} `, again);
  root.querySelector("[data-part=meaning]").before(note);
}

common();
start().catch(failed);
