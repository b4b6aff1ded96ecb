import { readFileSync } from "node:fs";
import { SkillMesh, initEmbedSync, initIndexSync, initSync } from "skillmesh/slim";
import { ask } from "./ask.js";

const compiled = (name) => new WebAssembly.Module(readFileSync(new URL(import.meta.resolve(name))));
initSync({ module: compiled("skillmesh/skillmesh_bg.wasm") });
initEmbedSync({ module: compiled("skillmesh/skillmesh_embed_bg.wasm") });
initIndexSync({ module: compiled("skillmesh/skillmesh_index_bg.wasm") });

const mesh = await SkillMesh.load(readFileSync("registry.msgpack"), { model: readFileSync("skillmesh-mini.msgpack") });
console.log(JSON.stringify(await ask(mesh)));
