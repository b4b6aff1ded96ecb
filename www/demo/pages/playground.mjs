// What does the first page say?

import { ANSWER, field } from "./search.mjs";
import { preloaded } from "./shell.mjs";

/** The first shows an answer at once; the last one fits nothing. */
const EXAMPLES = [
  "blur faces in a video",
  "my queries got slow after the table grew",
  "users get logged out at random",
  "slides from quarterly numbers",
  "roast a two kilo chicken",
];

export function playground(cards) {
  return {
    path: "index.html",
    title: "SkillMesh: the right three skills for an agent’s task",
    description: "Hundreds of skills, room for three: SkillMesh picks the three by keywords and meaning, in the browser, without a server.",
    script: "playground",
    head: preloaded("index.html", "registry-words.msgpack.gz"),
    body: `
<div class="hero">
  <h1>Your agent has hundreds of skills and room for three.</h1>
  <p>SkillMesh picks the three, by keywords and meaning, and says how sure it is. It runs here, in your browser: no
  server, and what you type stays in this page.</p>
</div>
<div data-part="playground">
${field({ query: EXAMPLES[0], examples: EXAMPLES, what: `${cards} skills` })}
${ANSWER}
</div>`,
  };
}
