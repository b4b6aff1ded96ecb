// Does a caller decide where the wasm files come from, and hear what is wrong with them?
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SkillMesh, init, initSync } from "skillmesh/slim";

const snapshot = readFileSync(process.env.SKILLMESH_SNAPSHOT);
const path = fileURLToPath(import.meta.resolve("skillmesh/skillmesh_bg.wasm"));
const wasm = readFileSync(path);

test("nothing is loaded before somebody says where it is, and then all is", async () => {
  await assert.rejects(SkillMesh.load(snapshot), { code: "not-initialised", message: /initSync\(\{ module \}\) or init/ });
  init({ core: new Uint8Array([1, 2, 3]) });
  await assert.rejects(SkillMesh.load(snapshot), { code: "io", message: /^expected a wasm file: .*init\(\{ core: URL \}\)/ });
  init({ core: Promise.resolve(wasm) });
  const mesh = await SkillMesh.load(snapshot);
  assert.equal((await mesh.retrieve("seaborn heatmap")).hits[0].id, "viz.matplotlib-seaborn");
  mesh.free();
});

test("a file that nobody knows is refused, and so is what is none", () => {
  assert.throws(() => init({ cor: wasm }), { code: "invalid-argument", message: /`cor`; expected core, embed, index/ });
  assert.throws(() => init(), { code: "invalid-argument", message: "files: expected an object such as { core: URL }, got undefined" });
  assert.throws(() => init(null), { code: "invalid-argument", message: /got null$/ });
  assert.throws(() => init({ index: 5 }), { code: "invalid-argument", message: /^index: expected a URL, path, .*, got number$/ });
  assert.throws(() => initSync(), { code: "invalid-argument", message: /^module: expected initSync\(\{ module \}\) .*, got undefined$/ });
});

test("where a file is can't be said any more once it is loaded: whoever does is told, but for the same again", (context) => {
  const { mock } = context.mock.method(console, "warn", () => {});
  init({ core: undefined, index: null }); // says nothing
  init({ core: "/elsewhere.wasm" });
  init({ core: "/elsewhere.wasm" });
  assert.deepEqual(mock.calls.map((call) => call.arguments[0]), [
    "init: core: it is loaded already; only workers that start from now on take another",
  ]);
});

/** What a process of its own says, for which nothing is loaded yet. */
function said(lines, folder = import.meta.dirname) {
  const script = `import { SkillMesh, init } from "skillmesh";\nconst load = () => SkillMesh.load(${JSON.stringify(process.env.SKILLMESH_SNAPSHOT)});\n${lines}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

test("in Node a file is named by a path or an address of one", () => {
  for (const place of [JSON.stringify(path), `new URL(${JSON.stringify(pathToFileURL(path))})`, JSON.stringify(pathToFileURL(path))]) {
    assert.equal(said(`init({ core: ${place} }); init({ core: ${place} }); console.log((await load()).stats().cards); init({ core: ${place} });`), "62");
  }
  const missing = `init({ core: "/missing.wasm" }); await load().catch(({ code, message }) => console.log(code, message));`;
  assert.match(said(missing), /^io expected a wasm file at \/missing\.wasm: core: \/missing\.wasm: no such file; check the path; init\(/);
});

test("what init is not told is where it always is", () => {
  assert.equal(said("init({ core: undefined }); console.log((await load()).stats().cards);"), "62");
});

test("a rejected promise harms nobody who does not need the file, and a function is asked anew by each try", () => {
  const unneeded = "init({ embed: Promise.reject(new Error('offline')) }); await new Promise((later) => setTimeout(later, 20));";
  assert.equal(said(`${unneeded} console.log((await load()).stats().cards);`), "62");
  const flaky = `let tries = 0; init({ core: async () => { if (tries++ === 0) throw new Error("offline"); return ${JSON.stringify(path)}; } });`;
  const twice = "await load().catch(({ code, message }) => console.log(code, message)); console.log((await load()).stats().cards);";
  assert.match(said(`${flaky} ${twice}`), /^io expected a wasm file: offline; init\(\{ core: URL \}\) says where it is\n62$/);
});

test("a function says where the files are in a worker too", () => {
  const there = `SkillMesh.load(${JSON.stringify(process.env.SKILLMESH_SNAPSHOT)}, { worker: true })`;
  const lines = `const mesh = await ${there}; console.log((await mesh.stats()).cards); mesh.free();`;
  assert.equal(said(`init({ core: () => ${JSON.stringify(path)} }); ${lines}`), "62");
});

test("in a folder of Vite's the wasm files are those of the package beside it", async () => {
  const { served } = await import("./node_modules/skillmesh/environment.js");
  const at = (folder) => served(new URL(`http://localhost:5173/app/${folder}/skillmesh_bg.wasm`));
  for (const cache of [".vite", ".cache/vite/client", ".cache/storybook/sb-vite"]) {
    assert.equal(at(`node_modules/${cache}/deps/wasm`), "http://localhost:5173/app/node_modules/skillmesh/wasm/skillmesh_bg.wasm", cache);
  }
  for (const folder of ["node_modules/skillmesh/wasm", "deps/wasm"]) assert.match(at(folder), new RegExp(`app/${folder}/skillmesh_bg`));
});
