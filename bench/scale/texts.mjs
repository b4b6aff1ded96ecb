// Which cards, documents and questions are there? Made from numbers, always the same ones, as many as are wanted.
//
// Words are rare and common as in a language (Zipf's law); each text has a topic, whose own words it says often, so that some texts are near to
// one another and others far. Lengths are those of `examples/registry`, of skills and tools as people publish them, and of chunks.
import { seeded } from "../seeded.mjs";

const COMMON = `the of and a to in is for with on that by it as from are or be this an at when which not if each all one into can has
  use you your only no more than out then where its but them so after before between over under most every other same new first two any
  does how what who`.split(/\s+/);
const WORDS = 20_000;
const TOPICS = 2_000;
/** How many words a topic has of its own, and how much of a text they are. */
const OWN = 30;
const SHARE = 0.35;
/** Draws are looked up in a table as long as this. */
const TABLE = 1 << 17;

const SYLLABLES = [..."bcdfghklmnprstvz", "st", "tr"].flatMap((start) => ["a", "e", "i", "o", "u", "an", "er", "il"].map((end) => start + end));

/** Words that are in no language, the common ones first. */
function vocabulary() {
  const random = seeded(1);
  const words = new Set(COMMON);
  while (words.size < WORDS) {
    const syllables = 2 + Math.floor(random() * (words.size < 2_000 ? 1 : 2));
    words.add(Array.from({ length: syllables }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join(""));
  }
  return [...words];
}

/** A table from which each of `count` numbers is drawn as often as its rank says, the first most often. */
function zipf(count, size = TABLE) {
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + 2.7));
  const step = weights.reduce((sum, weight) => sum + weight, 0) / size;
  const table = new Uint32Array(size);
  let [rank, reached] = [0, weights[0]];
  for (let at = 0; at < size; at++) {
    while (reached < (at + 0.5) * step && rank < count - 1) reached += weights[++rank];
    table[at] = rank;
  }
  return table;
}

export const words = vocabulary();
const anyWord = zipf(WORDS);
const ownWord = zipf(OWN, 1024);
const topics = (() => {
  const random = seeded(2);
  const rare = () => words[200 + Math.floor(random() * (WORDS - 200))];
  return Array.from({ length: TOPICS }, () => Array.from({ length: OWN }, rare));
})();

/** What one text is made with: its own random numbers, and its topic. */
class Writer {
  constructor(seed, topic) {
    this.random = seeded(seed);
    this.topic = topics[topic ?? Math.floor(this.random() * TOPICS)];
  }

  below = (count) => Math.floor(this.random() * count);
  own = () => this.topic[ownWord[this.below(ownWord.length)]];
  word = () => (this.random() < SHARE ? this.own() : words[anyWord[this.below(TABLE)]]);
  /** A name that hardly any other text has, as of a function. */
  name = () => `${words[this.below(WORDS)]}_${words[this.below(WORDS)]}`;
  /** About as many words as `median`, now fewer and now more (log-normal). */
  around = (median) => Math.max(3, Math.round(median * Math.exp(0.6 * (this.random() + this.random() + this.random() - 1.5) * 2)));
  list = (count, make) => Array.from({ length: count }, make);

  sentence(count) {
    const text = this.list(count, this.word).join(" ");
    return text[0].toUpperCase() + text.slice(1);
  }

  prose(count) {
    const sentences = [];
    for (let left = count; left > 0; left -= 14) sentences.push(`${this.sentence(Math.max(3, Math.min(14, left)))}.`);
    return sentences.join(" ");
  }
}

/** Half of the cards are tools, of which little is said; four in ten are skills with a text; one in ten is an expert, with examples too. */
const KINDS = [["tool", 0.5], ["skill", 0.9], ["expert", 1]];

export function card(number) {
  const writer = new Writer(1_000_003 * (number + 1));
  const share = writer.random();
  const kind = KINDS.find(([, until]) => share < until)[0];
  const [long, expert] = [kind !== "tool", kind === "expert"];
  const paragraphs = (count) => writer.list(Math.ceil(count / 120), () => `${writer.prose(120)} Call \`${writer.name()}\`.`).join("\n\n");
  return {
    id: `${writer.topic[0]}.${writer.own()}-${number}`,
    title: writer.sentence(3),
    domain: writer.topic[0],
    description: writer.prose(writer.around(expert ? 29 : 24)),
    tags: [...new Set(writer.list(expert ? 10 : 3, writer.own))],
    examples: writer.list(expert ? 14 : 0, () => writer.sentence(writer.around(8))),
    tool_hints: writer.list(expert ? 6 : 1, writer.name),
    instruction_text: long ? paragraphs(writer.around(expert ? 750 : 450)) : "",
  };
}

/** Sections of a document; each fits one chunk. */
export const SECTIONS = 20;

/** A document in Markdown. */
export function document(number) {
  const writer = new Writer(7_000_003 * (number + 1));
  const section = () => {
    const count = Math.min(95, writer.around(85));
    return `## ${writer.sentence(3)}\n\n${writer.prose(count)}\n\nSee \`${writer.name()}\`.\n`;
  };
  return `# ${writer.sentence(3)}\n\n${writer.list(SECTIONS, section).join("\n")}`;
}

/** Questions of 3 to 16 words, half of them a topic's own; every tenth has a word with a letter too few. */
export function queries(count) {
  return Array.from({ length: count }, (_, number) => {
    const writer = new Writer(13_000_027 * (number + 1));
    const asked = writer.list(3 + writer.below(14), () => (writer.random() < 0.5 ? writer.own() : writer.word()));
    if (number % 10 === 9) asked[0] = writer.own().replace(/.$/, "");
    return asked.join(" ");
  });
}
