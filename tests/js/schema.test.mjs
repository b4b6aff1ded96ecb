// Is a snapshot what its published schema says, to any MessagePack library?
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { decode } from "@msgpack/msgpack";
import Ajv from "ajv/dist/2020.js";
import schema from "skillmesh/snapshot.schema.json" with { type: "json" };

const isSnapshot = new Ajv({ allErrors: true }).compile(schema);
const snapshot = async () => decode(await readFile(process.env.SKILLMESH_SNAPSHOT));

test("a snapshot is valid", async () => {
  assert.ok(isSnapshot(await snapshot()), JSON.stringify(isSnapshot.errors));
});

test("what is none is not", async () => {
  const wrong = [{ format: 1 }, { magic: "zip" }, { inputs: "12" }, { sections: [{ name: "secrets", crc32: 1, data: null }] }, { more: 1 }];
  for (const change of wrong) assert.equal(isSnapshot({ ...(await snapshot()), ...change }), false, JSON.stringify(change));
});
