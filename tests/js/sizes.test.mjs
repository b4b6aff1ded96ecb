// Has a module grown? Gzip sizes are committed in sizes.json; a change beyond one percent is a reviewed diff.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const golden = JSON.parse(readFileSync(new URL("./sizes.json", import.meta.url)));
const budgets = { "skillmesh_bg.wasm": 300_000, "skillmesh_index_bg.wasm": 240_000, "skillmesh_build_bg.wasm": 300_000, "skillmesh_embed_bg.wasm": 200_000 };

for (const [name, budget] of Object.entries(budgets)) {
  test(`${name} has its golden size and is within ${budget} bytes of gzip`, () => {
    const file = new URL(`./node_modules/skillmesh/wasm/${name}`, import.meta.url);
    const size = gzipSync(readFileSync(file), { level: 9 }).length;
    assert.ok(size <= budget, `${size} bytes`);
    const change = size / golden[name] - 1;
    assert.ok(Math.abs(change) <= 0.01, `${size} bytes, ${(100 * change).toFixed(1)} % from ${golden[name]}; update sizes.json with the cause`);
  });
}
