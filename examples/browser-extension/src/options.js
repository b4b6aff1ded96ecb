// What is chosen, and what is searched? Everything counts at once.

import { ask } from "./ask.js";
import { by, counted } from "./dom.js";
import { dropSnapshot, keepSnapshot } from "./own.js";
import { choose, settings } from "./settings.js";
import { SkillMesh } from "./skillmesh/browser.js";

const SEARCHED = { ready: "by words and meaning", off: "by words", failed: "by words alone" };
const { form, choose: button, snapshot, drop, back, forget, error, status } = elements();
const chosen = await settings();
form.provider.value = chosen.provider;
form.count.value = chosen.count;
form.meaning.checked = chosen.meaning;
await about();

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", () => form.checkValidity() && safely(save));
button.addEventListener("click", () => snapshot.click());
snapshot.addEventListener("change", () => use(snapshot.files[0]));
back.addEventListener("click", () => safely(packaged));
forget.addEventListener("click", () => safely(() => ask("forget").then(() => done("Forgotten."))));
for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, onDrag);

function elements() {
  return Object.fromEntries(["form", "choose", "snapshot", "drop", "back", "forget", "error", "status"].map((id) => [id, by(id)]));
}

async function save() {
  await choose({ provider: form.provider.value, count: form.count.valueAsNumber, meaning: form.meaning.checked });
  await ask("renew");
  await about();
  done("Saved.");
}

/** Puts a file in the place of the skills that are searched, unless it could not be. */
async function use(file) {
  snapshot.value = ""; // the same file may be chosen again
  if (!file) return;
  await safely(async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    await check(bytes);
    await keepSnapshot(file.name, bytes);
    await ask("renew");
    await about();
    done(`${file.name} is searched now.`);
  }, `${file.name} was not taken, and what was searched before still is: `);
}

/** Throws if this is not a snapshot of skills, all of it. */
async function check(bytes) {
  (await SkillMesh.load(bytes, { verify: true })).free();
}

async function packaged() {
  await dropSnapshot();
  await ask("renew");
  await about();
  done("The packaged skills are searched now.");
}

async function about() {
  try {
    const { name, cards, bytes, meaning } = await ask("about");
    by("file").textContent = name ?? "The packaged skills";
    const size = `${Math.ceil(bytes / 1000).toLocaleString()} kB`;
    by("about").textContent = [counted(cards, "skill", "skills"), size, `searched ${SEARCHED[meaning.state]}`].join(", ");
    error.textContent = meaning.reason ? sentence("Meaning can't be searched: ", meaning.reason) : "";
    back.hidden = name === null;
  } catch (problem) {
    by("file").textContent = "The skills can't be opened";
    by("about").textContent = "";
    error.textContent = sentence("", problem.message);
    back.hidden = false;
  }
}

/** Does a step; what goes wrong is said. */
async function safely(step, before = "") {
  status.textContent = error.textContent = "";
  await step().catch((problem) => (error.textContent = sentence(before, problem.message)));
}

function sentence(before, message) {
  return before ? `${before}${message}.` : `${message[0].toUpperCase()}${message.slice(1)}.`;
}

function done(text) {
  status.textContent = text;
}

function onDrag(event) {
  event.preventDefault();
  drop.classList.toggle("over", event.type === "dragover");
  if (event.type === "drop") use(event.dataTransfer.files[0]);
}
