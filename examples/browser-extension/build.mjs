// Puts together the folder dist, which a browser loads as an extension: these files, the npm package with its model, and skills.
//   npm run build -- [SNAPSHOT]
import { cp, rm } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [snapshot = here("../../build/registry.msgpack")] = process.argv.slice(2);
const packaged = dirname(fileURLToPath(import.meta.resolve("skillmesh/package.json")));

/** Of the package what pages load: no types, no search element, and no terminal program. */
const isNeeded = (path) => ["", ".js", ".wasm", ".msgpack"].includes(extname(path.replace(packaged, "package"))) && !/(widget(\.js)?|bin|_cli\.wasm)$/.test(path);

await rm(here("dist"), { recursive: true, force: true });
await cp(here("src"), here("dist"), { recursive: true });
await cp(packaged, here("dist/skillmesh"), { recursive: true, dereference: true, filter: isNeeded });
await cp(snapshot, here("dist/registry.msgpack"), { dereference: true });
console.log("dist is ready: open chrome://extensions, turn on developer mode, and load it unpacked");
