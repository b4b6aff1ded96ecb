// What does the first page say?

import { ANSWER, field } from "./search.mjs";

/** The first shows an answer at once; the last one fits nothing. */
const EXAMPLES = [
  "blur faces in a video",
  "my queries got slow after the table grew",
  "users get logged out at random",
  "slides from quarterly numbers",
  "roast a two kilo chicken",
];

/** What the first answer needs is asked for with the page, not after its scripts. */
const preloaded = (...files) => files.map((file) => `<link rel="preload" as="fetch" crossorigin href="${file}">\n`).join("");

export function playground(cards) {
  return {
    path: "index.html",
    title: "SkillMesh: the right three skills for an agent’s task",
    description: "An agent has hundreds of skills and room for three. SkillMesh picks the three by keywords and meaning, in the browser, without a server.",
    script: "playground",
    head: preloaded("data/registry.msgpack", "../node_modules/skillmesh/wasm/skillmesh_bg.wasm"),
    body: `
<div class="hero">
  <h1>Your agent has hundreds of skills and room for three.</h1>
  <p>SkillMesh picks the three, by keywords and meaning, and says how sure it is. It runs here, in your browser: no server, and what you type stays in this page.</p>
</div>
<div data-part="playground">
${field({ query: EXAMPLES[0], examples: EXAMPLES, what: `${cards} skills` })}
${ANSWER}
</div>`,
  };
}
