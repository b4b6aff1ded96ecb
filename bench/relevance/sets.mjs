// Which documents and queries does a labelled set hold?
//
// Every engine gets the fields that the speed benchmark gives them: id, title, description, body. Labels are not read
// here: `skillmesh eval` alone judges.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const readLines = (file) => readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

const document = ({ id, title = "", description = "", text }) => ({ id, title, description, body: text });

function readSet(folder, name) {
  const file = (part) => join(folder, name, part);
  return {
    name,
    corpus: file("corpus.jsonl"),
    queriesFile: file("queries.jsonl"),
    qrelsFile: file("qrels.tsv"),
    docs: readLines(file("corpus.jsonl")).map(document),
    queries: readLines(file("queries.jsonl")),
  };
}

/** The sets below `folder` in order of name, or those of them that `only` names. */
export function readSets(folder, only) {
  const found = readdirSync(folder).filter((name) => existsSync(join(folder, name, "corpus.jsonl"))).sort();
  const unknown = only?.find((name) => !found.includes(name));
  if (unknown) throw new Error(`--only: no set ${unknown} in ${folder}, which has ${found.join(", ")}`);
  return (only ?? found).map((name) => readSet(folder, name));
}
