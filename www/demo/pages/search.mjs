// What is the playground made of, before anything is searched? Two pages have one.

import { escaped } from "./shell.mjs";

const GLASS = `<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.75"/><path d="M10.5 10.5L14 14"/></svg>`;

const radio = (group, [value, name], i) =>
  `<label><input type="radio" name="${group}" value="${value}"${i === 0 ? " checked" : ""}><span>${name}</span></label>`;

function choice(group, legend, values) {
  return `<fieldset class="choice"><legend>${legend}</legend><div>${values.map((one, i) => radio(group, one, i)).join("")}</div></fieldset>`;
}

/** What is typed into. */
export function input(placeholder, value = "") {
  const typing = 'type="text" inputmode="search" enterkeyhint="search" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="1000"';
  return `<div class="field">${GLASS}<input id="query" name="q" ${typing} placeholder="${placeholder}" value="${escaped(value)}"></div>`;
}

const COUNTS = Array.from({ length: 10 }, (_, i) => `<option${i === 2 ? " selected" : ""}>${i + 1}</option>`).join("");

/** Field, examples and the strip of all skills. */
export function field({ query, examples, what }) {
  const example = (text) => `<li><button type="button" class="example">${escaped(text)}</button></li>`;
  return `
<form class="ask" role="search" data-part="form">
  <label class="unseen" for="query">Describe a task</label>
  ${input("Describe a task", query)}
  ${examples.length ? `<div class="examples"><span id="try">Try</span><ul aria-labelledby="try">${examples.map(example).join("")}</ul></div>` : ""}
</form>
<figure class="strip" data-part="strip">
  <div class="bars" data-part="bars" aria-hidden="true"></div>
  <figcaption data-part="caption">${what}</figcaption>
</figure>`;
}

/** Controls, answer and block. */
export const ANSWER = `
<div class="results">
  <section class="found" aria-labelledby="found">
    <div class="bar"><h2 id="found">What fits</h2>
      <div class="controls">
        ${choice("mode", "Search by", [["auto", "Both"], ["sparse", "Keywords"], ["dense", "Meaning"]])}
        <label class="top-k">Show <select name="k" data-part="k">${COUNTS}</select></label>
      </div>
    </div>
    <div class="meaning-row" data-part="meaning" data-state="idle"></div>
    <div class="verdict" data-part="verdict"></div>
    <ol class="cards" data-part="cards"></ol>
    <p class="kept" data-part="kept" hidden></p>
    <div class="nothing" data-part="nothing" hidden></div>
    <p class="unseen" role="status" data-part="status"></p>
  </section>
  <section class="block" aria-labelledby="block">
    <div class="bar"><h2 id="block">What the agent gets</h2>
      <div class="controls">${choice("provider", "For", [["claude", "Claude"], ["codex", "Codex"]])}
      <button type="button" class="button" data-part="copy">Copy</button></div>
    </div>
    <pre data-part="emitted" tabindex="0" role="region" aria-label="Context block"></pre>
    <p class="unseen" role="status" data-part="copied"></p>
  </section>
</div>`;
