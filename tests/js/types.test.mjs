// Do the types compile in every kind of project, with what the host's own types give and nothing more?
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

for (const host of ["node", "workers", "page"]) {
  test(`the types compile by types/${host}.json`, () => {
    const { status, stdout } = spawnSync("npx", ["tsc", "--project", `types/${host}.json`], { cwd: import.meta.dirname, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
}
