// How does it look? Constructable style sheets, which a policy without inline styles lets through. Sizes are in em of one font size,
// so that zoom and the visitor's own text size reach everything; sides are logical, for scripts from right to left.

const OWN = `
:host { all: initial; color-scheme: inherit; display: inline-block; font-family: inherit; visibility: inherit; }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
#root {
  --background: var(--skillmesh-background, light-dark(#fff, #17191e));
  --text: var(--skillmesh-text, light-dark(#1c2027, #e9ebef));
  --muted: var(--skillmesh-muted, light-dark(#5a6270, #9ca4b1));
  --border: var(--skillmesh-border, light-dark(#e1e4e9, #2d3139));
  --accent: var(--skillmesh-accent, light-dark(#1558d6, #86b3ff));
  --active: var(--skillmesh-active, light-dark(#eef3fd, #232a38));
  --mark: var(--skillmesh-mark, light-dark(#1558d6, #9dc1ff));
  --danger: var(--skillmesh-danger, light-dark(#b3261e, #ffb4ab));
  --radius: var(--skillmesh-radius, 12px);
  font-family: var(--skillmesh-font, inherit); font-size: var(--skillmesh-font-size, medium); line-height: 1.5;
  -webkit-font-smoothing: antialiased;
  color: var(--text);
}
#root[data-scheme="light"] { color-scheme: light; }
#root[data-scheme="dark"] { color-scheme: dark; }
:host([theme="light"]) #root { color-scheme: light; }
:host([theme="dark"]) #root { color-scheme: dark; }
button, input, kbd { font: inherit; color: inherit; }
button { cursor: pointer; -webkit-tap-highlight-color: transparent; }
p { margin: 0; }
svg {
  flex: none; width: 1em; height: 1em; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round;
  stroke-linejoin: round;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
kbd {
  display: inline-block; min-width: 1.7em; padding: 0 .4em; border: 1px solid var(--border); border-radius: 5px;
  font-size: .75em; line-height: 1.6; text-align: center; white-space: nowrap; color: var(--muted);
  direction: ltr; unicode-bidi: isolate;
}
.unseen, [part~="close"] span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

[part~="trigger"] {
  display: inline-flex; align-items: center; gap: .5em; max-width: 100%; min-height: 2.25em; padding: 0 .5em 0 .65em;
  border: 1px solid var(--border); border-radius: min(8px, var(--radius)); background: var(--background); color: var(--muted);
  font-size: .875em; transition: border-color .12s, color .12s;
}
[part~="trigger"]:dir(rtl) { padding: 0 .65em 0 .5em; }
[part~="trigger"]:hover { border-color: var(--muted); color: var(--text); }
[part~="trigger-label"] { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-inline-end: 1.5em; }
@media (hover: none) { [part~="shortcut"] { display: none; } [part~="trigger-label"] { padding-inline-end: .25em; } }

dialog {
  width: min(var(--skillmesh-width, 42em), 100vw - 2em); max-width: none; max-height: none; margin: min(12vh, 7em) auto 0; padding: 0;
  overflow: hidden; border: 1px solid var(--border); border-radius: var(--radius); background: var(--background); color: inherit;
  box-shadow: var(--skillmesh-shadow, 0 1px 2px #0001, 0 8px 20px #00000014, 0 24px 64px #0000002e);
}
dialog::backdrop { background: var(--skillmesh-backdrop, light-dark(#1a202c52, #000000a3)); }
.panel { display: flex; flex-direction: column; max-height: calc(var(--seen, 100vh) - min(12vh, 7em) - 2em); }
.header { display: flex; align-items: center; gap: .75em; padding-inline: 1.125em .75em; color: var(--muted); }
input {
  flex: 1; min-width: 0; height: 3.25em; padding: 0; border: 0; outline: 0; background: none; color: var(--text);
  font-size: max(1.0625em, 16px); text-overflow: ellipsis; caret-color: var(--accent);
}
input:focus-visible { outline: 0; }
input::placeholder { color: var(--muted); opacity: 1; }
[part~="close"] {
  display: grid; min-width: 2em; min-height: 2em; place-items: center; padding: 0 .25em; border: 0; border-radius: 6px;
  background: none;
}
[part~="close"]:hover kbd { border-color: var(--muted); color: var(--text); }

.progress { position: relative; height: 1px; overflow: hidden; background: var(--border); }
.progress::after { content: ""; position: absolute; inset-block: 0; width: 30%; background: var(--accent); opacity: 0; }
[data-view="loading"] .progress::after, .panel:has([data-state="Loading"]) .progress::after {
  opacity: 1; animation: pass 1.2s .2s ease-in-out infinite backwards;
}
@keyframes pass { from { inset-inline-start: -30%; } to { inset-inline-start: 100%; } }
@keyframes appear { from { opacity: 0; } }

.body {
  height: var(--skillmesh-height, 30em); min-height: 0; overflow-y: auto; overscroll-behavior: contain; scroll-padding: .5em;
  scrollbar-width: thin;
}
[data-view="start"] .body { height: auto; }
[part~="list"] { padding: .5em; }
.page + .page { margin-top: .125em; }
[role="option"] {
  position: relative; display: block; padding: .4375em .625em; border-radius: min(8px, var(--radius)); color: inherit;
  text-decoration: none;
  cursor: pointer; scroll-margin: .5em; -webkit-tap-highlight-color: transparent;
}
[aria-selected="true"] { background: var(--active); }
.line { display: flex; align-items: baseline; gap: .625em; }
.line svg { align-self: flex-start; margin-top: .15em; color: var(--muted); }
.path { unicode-bidi: isolate; }
.name, .snippet { unicode-bidi: plaintext; text-align: -webkit-match-parent; text-align: match-parent; }
[aria-selected="true"] svg { color: var(--accent); }
.name { display: block; min-width: 0; overflow: hidden; font-size: .9375em; font-weight: 600; line-height: 1.4; overflow-wrap: anywhere; }
.line .name { flex: 0 1 auto; }
.above { color: var(--muted); font-weight: 400; }
.path {
  flex: 1 1 5em; min-width: 3em; margin-inline-start: auto; overflow: hidden; color: var(--muted); font-size: .75em; text-align: end;
  text-overflow: ellipsis; white-space: nowrap;
}
.snippet {
  display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; color: var(--muted); font-size: .8125em;
  line-height: 1.5; overflow-wrap: anywhere;
}
.title .snippet { margin-inline-start: 2em; }
.section { margin-inline-start: 1.125em; padding-inline-start: 1.1em; }
.section::before { content: ""; position: absolute; inset-block: 0; inset-inline-start: 0; width: 1px; background: var(--border); }
.section[aria-selected="true"] { border-start-start-radius: 0; border-end-start-radius: 0; }
.section[aria-selected="true"]::before { width: 2px; background: var(--accent); }
mark { background: none; color: var(--mark); }
.snippet mark { color: var(--text); font-weight: 600; }

.message { display: grid; gap: .25em; justify-items: center; padding: 3.5em 1.5em; text-align: center; }
[data-view="start"] .message { justify-items: start; padding: 1.125em 1.3em; font-size: .875em; color: var(--muted); text-align: start; }
[data-view="loading"] .message, [data-view="waiting"] .message { animation: appear .15s .25s backwards; }
.says { overflow-wrap: anywhere; }
.hint { color: var(--muted); font-size: .875em; overflow-wrap: anywhere; }
.hint:empty { display: none; }
[data-view="error"] .says { color: var(--danger); }
[part~="retry"] {
  margin-top: .75em; padding: .3125em 1em; border: 1px solid var(--border); border-radius: min(8px, var(--radius));
  background: var(--background); font-size: .875em; font-weight: 600;
}
[part~="retry"]:hover { border-color: var(--muted); }

.footer {
  display: flex; flex-wrap: wrap; align-items: center; gap: .25em 1.25em; min-height: 2.75em; padding: .5em 1.125em;
  border-top: 1px solid var(--border); color: var(--muted); font-size: .75em;
}
.hints { display: flex; flex-wrap: wrap; gap: .25em 1.25em; }
.footer kbd { font-size: 1em; }
.note { margin-inline-start: auto; }
.note[data-state="Failed"] { color: var(--text); }

dialog[open] { animation: open .12s ease-out; }
dialog[open]::backdrop { animation: appear .12s ease-out; }
@keyframes open { from { opacity: 0; transform: translateY(-6px); } }

@media (max-width: 40em), (max-height: 28em) {
  dialog { width: 100vw; height: var(--seen, 100dvh); margin: 0; border: 0; border-radius: 0; }
  .panel {
    height: 100%; max-height: none;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }
  .body, [data-view="start"] .body { flex: 1; height: auto; }
  [part~="close"] { min-height: 2.75em; padding: 0 .5em; color: var(--accent); }
  [part~="close"] span { position: static; width: auto; height: auto; clip-path: none; }
  [part~="close"] kbd, .hints { display: none; }
  .footer { min-height: 0; padding-block: 0; }
  .note { display: none; margin: 0; }
  .note:is([data-state="Loading"], [data-state="Failed"]) { display: block; padding-block: .5em; }
  .line { flex-wrap: wrap; row-gap: 0; }
  .line .name { flex: 1; }
  .path { flex: 1 0 100%; margin: 0; padding-inline-start: 2.167em; text-align: start; }
  [role="option"] { padding-block: .625em; }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after, dialog[open], dialog[open]::backdrop { animation: none !important; transition: none !important; }
  [data-view="loading"] .progress::after { width: 100%; }
}
@media (forced-colors: active) {
  [aria-selected="true"] { forced-color-adjust: none; background: Highlight; }
  [aria-selected="true"] :is(.name, .above, .path, .snippet, mark, svg) { color: HighlightText; }
  mark { text-decoration: underline; }
  .section::before, .progress { background: CanvasText; }
}
`;

const HELD = "html { overflow: hidden !important; }";

const made = new WeakMap();

/** The element's style; a sheet belongs to the document that it was made for. */
export function ownStyle(page) {
  if (!made.has(page)) made.set(page, sheet(page, OWN));
  return made.get(page);
}

/** Keeps the page behind a dialog from scrolling, with room for scroll bars where it has them; gives what lets it go. */
export function hold(page) {
  const bars = page.defaultView.innerWidth > page.documentElement.clientWidth;
  const held = sheet(page, bars ? `${HELD} html { scrollbar-gutter: stable !important; }` : HELD);
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, held];
  return () => (page.adoptedStyleSheets = page.adoptedStyleSheets.filter((one) => one !== held));
}

/** Keeps a dialog within what an on-screen keyboard leaves of the screen; gives what ends that. */
export function fitScreen(dialog) {
  const screen = dialog.ownerDocument.defaultView.visualViewport;
  const fit = () => dialog.style.setProperty("--seen", `${screen.height * screen.scale}px`);
  screen.addEventListener("resize", fit);
  fit();
  return () => screen.removeEventListener("resize", fit);
}

function sheet(page, text) {
  const made = new page.defaultView.CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
