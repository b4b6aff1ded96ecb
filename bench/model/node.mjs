// An embedder in a Node process of its own, which is asked over its channel; `node.mjs STEPS` is that process.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(import.meta.url);

export async function start() {
  const child = fork(here, ["ask"], { execArgv: ["--expose-gc"] });
  const step = async (name, given) => {
    child.send({ name, given });
    const [{ value, error }] = await once(child, "message");
    if (error) throw new Error(error);
    return value;
  };
  return { step, close: () => child.kill(), version: process.versions.node };
}

/** Megabytes of a process with a snapshot and its model open, after some questions. */
async function held({ snapshot }) {
  const { SkillMesh } = await import("skillmesh");
  const mesh = await SkillMesh.load(snapshot);
  if (!(await mesh.semanticReady)) throw new Error(`${snapshot}: expected vectors of the package's own model`);
  for (let i = 0; i < 20; i++) await mesh.retrieve(`make slides out of ${i} numbers`, { mode: "hybrid" });
  globalThis.gc();
  return process.memoryUsage.rss() / 1e6;
}

async function answer({ name, given: { file, ...given } }) {
  if (name === "held") return held(given);
  const steps = await import("./steps.mjs");
  return steps[name](file ? { ...given, bytes: new Uint8Array(readFileSync(file)) } : given);
}

if (process.argv[2] === "ask") {
  process.on("message", (message) => answer(message).then((value) => process.send({ value }), (error) => process.send({ error: error.stack })));
}
