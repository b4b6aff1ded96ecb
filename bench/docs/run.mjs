// How does search over documents compare with Pagefind and MiniSearch, over the same pages?
//
// The order of the parts, and nothing else: which pages stands in sites.mjs, who takes part in entrants.mjs.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../environment.mjs";
import { inScratch } from "../scratch.mjs";
import { entrantsOf } from "./entrants.mjs";
import { measureSite } from "./measure.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { questionsAbout } from "./questions.mjs";
import { render } from "./report.mjs";
import { sites } from "./sites.mjs";
import { writeSite } from "./write.mjs";

const PACKAGES = ["skillmesh", "pagefind", "minisearch", "markdown-it"];

const say = (line) => process.stderr.write(`${line}\n`);

async function measureNamed(name, options, scratch) {
  const pages = sites[name].pages(options);
  const questions = questionsAbout({ name, pages });
  say(`${name}: ${pages.length} pages`);
  const folder = join(scratch, name);
  const site = writeSite({ source: options.read ?? sites[name].source, pages }, folder);
  const rows = await measureSite(site, questions, entrantsOf(options.only), folder, options);
  return { name, pages: pages.length, source: site.source, questions, rows };
}

async function measure(options, scratch) {
  const report = { environment: environment(PACKAGES), sites: [] };
  for (const name of options.sites) report.sites.push(await measureNamed(name, options, scratch));
  return report;
}

async function main(options) {
  const report = await inScratch((scratch) => measure(options, scratch));
  console.log(render(report));
  if (options.json) writeFileSync(options.json, JSON.stringify(report, null, 1));
}

/** A run that failed, or was not understood, has one exit code and one line that says why. */
function failed(reason) {
  say(reason);
  process.exit(2);
}

function optionsOrUsage() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return failed(`${error.message}\n\n${USAGE}`);
  }
}

const options = optionsOrUsage();
if (options.help) console.log(USAGE);
else await main(options).catch((error) => failed(error.stack));
