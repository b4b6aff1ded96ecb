// Does a caller decide where the wasm files come from, and hear what is wrong with them?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SkillMesh, init } from "skillmesh/slim";

const snapshot = readFileSync(process.env.SKILLMESH_SNAPSHOT);
const wasm = readFileSync(new URL(import.meta.resolve("skillmesh/skillmesh_bg.wasm")));

test("nothing is loaded before somebody says where it is, and then all is", async () => {
  await assert.rejects(SkillMesh.load(snapshot), { code: "not-initialised", message: /initSync\(\{ module \}\) or init/ });
  init({ core: new Uint8Array([1, 2, 3]) });
  await assert.rejects(SkillMesh.load(snapshot), { code: "io", message: /^expected a wasm file: .*init\(\{ core: URL \}\)/ });
  init({ core: Promise.resolve(wasm) });
  const mesh = await SkillMesh.load(snapshot);
  assert.equal((await mesh.retrieve("seaborn heatmap")).hits[0].id, "viz.matplotlib-seaborn");
  mesh.free();
});

test("a file that nobody knows is refused", () => {
  assert.throws(() => init({ cor: wasm }), { code: "invalid-argument", message: /`cor`; expected core, embed, index/ });
});

test("in a folder of Vite's the wasm files are those of the package beside it", async () => {
  const { served } = await import("./node_modules/skillmesh/environment.js");
  const at = (folder) => served(new URL(`http://localhost:5173/app/${folder}/skillmesh_bg.wasm`));
  for (const cache of [".vite", ".cache/vite/client", ".cache/storybook/sb-vite"]) {
    assert.equal(at(`node_modules/${cache}/deps/wasm`), "http://localhost:5173/app/node_modules/skillmesh/wasm/skillmesh_bg.wasm", cache);
  }
  for (const folder of ["node_modules/skillmesh/wasm", "deps/wasm"]) assert.match(at(folder), new RegExp(`app/${folder}/skillmesh_bg`));
});
