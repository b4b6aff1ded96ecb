// What `import core from "skillmesh/skillmesh_bg.wasm"` gives where wasm files are modules, as in Workers.
import type { WasmModule } from "./skillmesh.js";
declare const module: WasmModule;
export default module;
