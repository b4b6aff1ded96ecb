// Puts together the folder assets: skills, documents and the model.
//   npm run assets, where SKILLMESH_CLI, SKILLMESH_SNAPSHOT, SKILLMESH_MODEL and SKILLMESH_DOCS may name others than the repository's
import { execFileSync } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = process.env.SKILLMESH_CLI ?? here("../../build/skillmesh");
const snapshot = process.env.SKILLMESH_SNAPSHOT ?? here("../../build/registry.msgpack");
const model = process.env.SKILLMESH_MODEL ?? here("../../models/skillmesh-mini.msgpack");
const documents = process.env.SKILLMESH_DOCS ?? here("../../docs");

await mkdir(here("assets"), { recursive: true });
await cp(snapshot, here("assets/registry.msgpack"), { dereference: true });
await cp(model, here("assets/skillmesh-mini.msgpack"), { dereference: true });
execFileSync(cli, ["ingest", documents, "--model", model, "--out", here("assets/docs.msgpack")], { stdio: "inherit" });
