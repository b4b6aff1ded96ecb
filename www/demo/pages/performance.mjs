// What does the page that measures itself say? No figure: all of them are the visitor's.

export const PERFORMANCE = {
  path: "performance/index.html",
  title: "Measured on your machine | SkillMesh",
  description: "What SkillMesh costs in this browser: bytes, start-up, queries by keyword and by meaning, measured here and now.",
  script: "performance",
  body: `
<div class="hero">
  <h1>Measured on your machine, not on ours.</h1>
  <p>The button starts everything afresh in a worker of its own: fetching, compiling, opening, asking. Every figure
  below comes from your browser and stays in it.</p>
</div>
<div class="row measure">
  <button type="button" class="button strong" data-part="measure">Measure</button>
  <label class="check"><input type="checkbox" data-part="with-model" checked> with the model <span data-part="price"></span></label>
  <label class="check"><input type="checkbox" data-part="anew"> past the browser’s cache</label>
  <button type="button" class="button" data-part="copy" disabled>Copy as Markdown</button>
</div>
<p class="state" role="status" data-part="state"></p>
<div class="measured" data-part="measured"><p class="promised">Measured will be the bytes of every file, how long wasm takes to compile, the
snapshot and the model to open, the first answer to come by keywords and by meaning, and a set of questions to be answered, at the median
and at the slow end; and memory, where the browser tells.</p></div>`,
};
