// How long does a new visitor wait for the first result by keywords, and what is downloaded until then?
// node first-result.mjs --cli PROGRAM [--model MODEL] [--demo FOLDER] [--rounds 7] [--kilobits 1600] [--latency 150] [--cpu 4]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launch } from "./chromium.mjs";
import { environment } from "./environment.mjs";
import { ENTRANTS, makeSite } from "./first-result/site.mjs";
import { throttled } from "./first-result/throttled.mjs";
import { number, table } from "./report.mjs";
import { median } from "./stats.mjs";

const text = (preset) => ({ type: "string", default: preset });
const built = (path) => fileURLToPath(new URL(`../build/${path}`, import.meta.url));
const slowness = { kilobits: text("1600"), latency: text("150"), cpu: text("4") };
const options = { cli: text(), model: text(built("../models/skillmesh-mini.msgpack")), demo: text(built("demo-site")), rounds: text("7"), ...slowness };
const { values: given } = parseArgs({ options });

/** Every engine finds something for each: a page must have all the words, which Pagefind asks for. */
const QUESTIONS = ["snapshot", "search box", "model", "access filter", "worker", "vectors", "confidence"];

/** What all others are compared with. */
const OURS = Object.keys(ENTRANTS)[0];

const ms = (samples) => number(median(samples));

/** A visitor of whom nothing is kept asks one question. */
async function visit(browser, server, place, question) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(watchDemo);
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: Number(given.cpu) });
  server.counter.sent = 0;
  await page.goto(`${server.origin}${place}${place.includes("?") ? "&" : "?"}q=${encodeURIComponent(question)}`, { waitUntil: "commit" });
  await page.waitForFunction(() => globalThis.firstResult, null, { timeout: 120_000 });
  const found = { took: await page.evaluate(() => globalThis.firstResult), bytes: server.counter.sent };
  await context.close();
  return found;
}

/** The demo's page says nothing of the kind: whoever looks at it sees when its list has a page. */
function watchDemo() {
  const look = () => (globalThis.firstResult ??= document.querySelector(".pages .page") ? performance.now() : undefined);
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

async function measured(browser, server) {
  const samples = Object.fromEntries(Object.keys(ENTRANTS).map((name) => [name, []]));
  for (let round = 0; round < Number(given.rounds); round++) {
    const question = QUESTIONS[round % QUESTIONS.length];
    for (const [name, place] of Object.entries(ENTRANTS)) samples[name].push(await visit(browser, server, place, question));
  }
  return samples;
}

function report(samples) {
  const [took, bytes] = ["took", "bytes"].map((key) => (name) => samples[name].map((sample) => sample[key]));
  const against = (of, name, other) => number(median(of(name)) / median(of(other)));
  const row = (name) => [name, ms(took(name)), number(Math.min(...took(name))), number(Math.max(...took(name))), number(median(bytes(name)) / 1e3),
    against(took, OURS, name), against(bytes, OURS, name)];
  const head = ["engine", "first result ms p50", "least", "most", "kB until then", "time: SkillMesh / it", "bytes: SkillMesh / it"];
  return table(head, Object.keys(samples).map(row));
}

const folder = mkdtempSync(join(tmpdir(), "skillmesh-first-"));
await makeSite(folder, given);
const server = await throttled(folder, { rate: (Number(given.kilobits) * 1000) / 8, latency: Number(given.latency) });
const browser = await launch();
try {
  const { cpu, cores, versions } = environment(["skillmesh", "pagefind", "@orama/orama"]);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  const slow = `${given.kilobits} kbit/s, ${given.latency} ms a request, page's processor ÷ ${given.cpu}`;
  console.log(`${given.rounds} cold loads each, ${slow}. ${cpu}, ${cores} cores; ${named}\n`);
  console.log(report(await measured(browser, server)));
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}
