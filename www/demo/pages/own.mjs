// What does the page for registries of one's own say?

import { ANSWER, field } from "./search.mjs";

const EXAMPLE = "---\nname: release-notes\ndescription: Write release notes from merged pull requests.\n---";

export const OWN = {
  path: "own/index.html",
  title: "Search your own registry | SkillMesh",
  description: "Drop expert cards in YAML or JSON, or folders of SKILL.md, and search them in the browser. Nothing leaves the page.",
  script: "own",
  body: `
<div class="hero">
  <h1>Search your own skills, without sending them anywhere.</h1>
  <p>Drop a registry in YAML or JSON, or folders of SKILL.md. They are read, checked and indexed in this page; no file
  leaves it, and closing the page forgets them.</p>
</div>
<div data-part="own">
  <div class="drop" data-part="drop">
    <p><strong>Drop files or a folder here</strong><span>.yaml, .json, SKILL.md, and the instructions that they name</span></p>
    <div class="row">
      <button type="button" class="button" data-part="files">Choose files</button>
      <button type="button" class="button" data-part="folder">Choose a folder</button>
      <button type="button" class="button" data-part="sample">Use an example</button>
    </div>
    <input type="file" multiple hidden data-part="file-input" accept=".yaml,.yml,.json,.md,.txt" aria-label="Files" tabindex="-1">
    <input type="file" multiple webkitdirectory hidden data-part="folder-input" aria-label="Folder" tabindex="-1">
  </div>
  <details class="paste"><summary>Or paste a card</summary>
    <form data-part="paste">
      <label for="pasted">A SKILL.md, or cards in YAML or JSON</label>
      <textarea id="pasted" rows="8" spellcheck="false" placeholder="${EXAMPLE}"></textarea>
      <button class="button">Add</button>
    </form>
  </details>
  <p class="state" role="status" data-part="state"></p>
  <section class="report" data-part="report" hidden aria-labelledby="report-title">
    <div class="bar"><h2 id="report-title">What was read</h2><div class="controls">
      <button type="button" class="button" data-part="again">Start over</button>
      <button type="button" class="button strong" data-part="download">Download the snapshot</button></div></div>
    <p data-part="summary"></p>
    <ul class="findings" data-part="findings"></ul>
  </section>
  <div data-part="playground" hidden>
${field({ query: "", examples: [], what: "" })}
${ANSWER}
  </div>
</div>`,
};
