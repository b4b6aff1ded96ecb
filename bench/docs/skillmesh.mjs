// How does SkillMesh index a site and answer?
//
// The package is imported on demand, so that the others run without it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sizesOf } from "../saved.mjs";
import { TOP } from "./quality.mjs";

const PACKAGE = fileURLToPath(new URL("../node_modules/skillmesh/", import.meta.url));

const snapshot = (out) => join(out, "docs.msgpack");

const inPackage = (folder, names) => names.map((name) => join(PACKAGE, folder, name));

/** All of the package's JavaScript, which is more than one kind of host loads, and the module of the retriever. */
function code() {
  const scripts = readdirSync(PACKAGE).filter((name) => name.endsWith(".js"));
  return [...inPackage("", scripts), ...inPackage("wasm", ["skillmesh.js", "skillmesh_bg.wasm"])];
}

const embedder = () => inPackage("wasm", ["skillmesh_embed.js", "skillmesh_embed_bg.wasm"]);

const result = ({ url, sections }) => ({ url, sections: sections.map((section) => section.url) });

async function load(out, model) {
  const { DocSearch } = await import("skillmesh");
  const docs = await DocSearch.load(snapshot(out), model ? { model } : {});
  await docs.semanticReady;
  return docs;
}

/** Keywords alone, from a snapshot without vectors; or `dense`, with vectors and the model. */
export function skillMesh({ dense }) {
  const model = (options) => (dense ? options.model : undefined);
  return {
    engine: "skillmesh",
    command(site, out, options) {
      const vectors = dense ? ["--model", options.model] : ["--no-dense"];
      return [options.cli, "ingest", site[site.source], "--out", snapshot(out), ...vectors];
    },
    files: (out) => [snapshot(out)],
    firstLoads: (out, texts, options) =>
      [sizesOf([snapshot(out), ...code(), ...(dense ? [options.model, ...embedder()] : [])]).gzip],
    async open(out, options) {
      const docs = await load(out, model(options));
      return async (text) => (await docs.search(text, { limit: TOP })).pages.map(result);
    },
  };
}
