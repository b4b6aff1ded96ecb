// On what were the figures measured?
import { cpus } from "node:os";
import { readFileSync } from "node:fs";

const PACKAGES = ["skillmesh", "minisearch", "@orama/orama", "flexsearch", "onnxruntime-web"];

/** The version that is installed, which may differ from the one that package.json asks for. */
function version(name) {
  try {
    return JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
  } catch {
    return "not installed";
  }
}

export function environment(packages = PACKAGES) {
  const versions = Object.fromEntries(packages.map((name) => [name, version(name)]));
  return { node: process.versions.node, cpu: cpus()[0].model.trim(), cores: cpus().length, versions };
}
