// What does <skillmesh-search> do? It ties what is on the screen to the engine, which it loads when somebody wants to search.

import { MOVES, takeShortcuts } from "./keys.js";
import { followScheme } from "./scheme.js";
import { address, base, limit, model, said, skills } from "./settings.js";
import { fitScreen, hold, ownStyle } from "./style.js";
import { name, nameShortcuts, view } from "./view.js";
import { counted, fill, wording } from "./words.js";

/** Milliseconds of rest before somebody who types is answered, and from then before meaning, which takes longer, is asked. */
const REST = 40;
const MEANING = 120;

/** Milliseconds before what is found is spoken: a screen reader should not talk into the typing. */
const SPEAK = 500;

let engine;

/** The engine's module, fetched once; a second call after a failure tries again. */
function engineModule() {
  engine ??= import("./engine.js");
  engine.catch(() => (engine = undefined));
  return engine;
}

/** How results look and are chosen. */
const listModule = () => import("./list.js");

/** Somebody is about to search. */
function intent() {
  listModule().catch(() => {});
  engineModule().then(({ warm }) => warm(), () => {});
}

export class SkillMeshSearch extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["snapshot", "vectors", "model", "semantic", "skills", "base", "limit", "placeholder", "labels", "shortcuts"];

  /** The DocSearch that was handed over, if one was. */
  #own = null;
  #docs = null;
  /** Stands for the latest way to load; what comes of an earlier one is of no interest. */
  #loading = null;
  #live = null;
  #view;
  #list = null;
  #words = wording();
  /** What is typed, and to what of it the list is the answer. */
  #query = "";
  #answeredQuery = null;
  /** How to follow the best result as soon as there is one. */
  #follow = null;
  #scheme = null;
  /** What ends being on a page, and being open. */
  #leave = [];
  #release = [];
  #toSpeak = "";
  #speaking;

  constructor() {
    super();
    this.#view = view();
    this.#reword();
    this.#listen();
    this.#say("start");
    this.attachShadow({ mode: "open" }).append(this.#view.root);
  }

  connectedCallback() {
    for (const name of ["search", "labels"]) this.#upgraded(name);
    if (!this.ownerDocument.defaultView) return; // a document that nobody sees
    this.shadowRoot.adoptedStyleSheets = [ownStyle(this.ownerDocument)];
    this.#scheme = followScheme(this, this.#view.root);
    const { dialog } = this.#view;
    this.#leave = [this.#scheme.leave, takeShortcuts(this, () => dialog.open, (key) => this.#pressed(key))];
  }

  disconnectedCallback() {
    this.close();
    for (const leave of this.#leave.splice(0)) leave();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "shortcuts") return nameShortcuts(this.#view, after !== "off");
    if (["placeholder", "labels"].includes(name)) return this.#reword();
    if (name === "snapshot") this.#docs = null;
    this.#restart();
  }

  /** A DocSearch of your own that answers instead of one of `snapshot`. */
  get search() {
    return this.#own ?? this.#docs;
  }

  set search(docs) {
    this.#own = docs ?? null;
    this.#docs = null;
    this.#restart();
  }

  /** Other words for what the element says; frameworks may set the attribute's text here. */
  set labels(labels) {
    this.setAttribute("labels", typeof labels === "string" ? labels : JSON.stringify(labels ?? {}));
  }

  get labels() {
    return wording(this.getAttribute("labels"));
  }

  /** Opens the dialog, with a query if one is given. */
  open(query) {
    const { dialog, input, note } = this.#view;
    if (!this.checkVisibility()) return console.warn("skillmesh-search: what lies in something hidden, or on no page, cannot open its dialog");
    if (!dialog.open) this.#show();
    if (typeof query === "string") input.value = query;
    input.select();
    const fresh = !this.#loading;
    this.#load();
    this.#typed(fresh);
    if (note.dataset.state === "Failed") this.#join(true);
  }

  close() {
    this.#view.dialog.close();
    this.#closed();
  }

  /** Sets what was given to the element before it was known to the page. */
  #upgraded(name) {
    if (!Object.hasOwn(this, name)) return;
    const given = this[name];
    delete this[name];
    this[name] = given;
  }

  /** Says in other words what is on the screen. */
  #reword() {
    const { dialog, note, hint } = this.#view;
    this.#words = { ...this.labels };
    this.#words.placeholder = said(this, "placeholder") ?? this.#words.placeholder;
    name(this.#view, this.#words);
    note.textContent = this.#words[`meaning${note.dataset.state}`] ?? "";
    const { view } = dialog.dataset;
    if (view && view !== "results") this.#say(view, view === "error" ? hint.textContent : undefined);
  }

  #listen() {
    const { triggerSlot, dialog, input, list, close, retry } = this.#view;
    for (const sign of ["pointerover", "focusin", "touchstart"]) triggerSlot.addEventListener(sign, intent, { passive: true });
    triggerSlot.addEventListener("click", (event) => this.#triggered(event));
    dialog.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("close", () => dialog.open || this.#closed());
    this.#listenBeside(dialog);
    close.addEventListener("click", () => this.close());
    retry.addEventListener("click", () => this.#retry());
    input.addEventListener("input", () => this.#typed());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("pointermove", (event) => this.#list.pointed(event));
    for (const way of ["click", "auxclick"]) list.addEventListener(way, (event) => this.#clicked(event));
  }

  /** A click beside the dialog closes it, and is over before that: what lies beneath must not get it. */
  #listenBeside(dialog) {
    let began = false;
    dialog.addEventListener("pointerdown", ({ target }) => (began = target === dialog));
    dialog.addEventListener("click", (event) => {
      if (!began || event.target !== dialog) return;
      event.preventDefault();
      this.close();
    });
  }

  /** A link for pages without scripts may be the trigger, and be opened aside. */
  #triggered(event) {
    if (isAside(event)) return;
    event.preventDefault();
    this.open();
  }

  #show() {
    const { dialog } = this.#view;
    intent();
    this.#scheme.look();
    this.#release = [hold(this.ownerDocument), fitScreen(dialog)];
    dialog.showModal();
    this.#tell("open");
  }

  #closed() {
    if (this.#release.length === 0) return;
    for (const release of this.#release.splice(0)) release();
    this.#view.input.blur(); // where nothing had the focus before, it stays until the next frame, and takes the shortcut
    this.#follow = null;
    this.#tell("close");
  }

  #tell(name, detail = null, options = {}) {
    return this.dispatchEvent(new CustomEvent(`skillmesh-${name}`, { detail, bubbles: true, composed: true, ...options }));
  }

  // The engine.

  get #meaning() {
    if (this.getAttribute("semantic") === "off" || navigator.connection?.saveData) return false;
    return this.#own !== null || said(this, "model") !== null;
  }

  /** Begins anew with other settings, at once if somebody is searching. */
  #restart() {
    this.#live?.cancel();
    this.#live = this.#loading = null;
    this.#view.note.textContent = "";
    delete this.#view.note.dataset.state;
    if (this.#view.dialog.open) this.#retry();
  }

  #retry() {
    this.#view.input.focus();
    this.#load();
    this.#typed(true);
  }

  async #load() {
    if (this.#loading) return;
    const loading = (this.#loading = {});
    try {
      const [{ ResultList }, found] = await Promise.all([listModule(), this.#own ? ownSearch(this.#own) : this.#shared()]);
      this.#list ??= new ResultList(this.#view);
      if (loading === this.#loading) this.#loaded(Object.assign(loading, found, { base: base(this) }));
    } catch (error) {
      if (loading === this.#loading) this.#failed(error);
    }
  }

  async #shared() {
    const snapshot = address(this, "snapshot");
    return (await engineModule()).shared(snapshot);
  }

  #loaded({ docs }) {
    this.#docs = docs;
    const onAnswer = (answer) => {
      this.#answered(answer);
      this.#join(); // keywords first: the model comes after them
    };
    const mode = this.#meaning ? "auto" : "sparse";
    const asked = { mode, skills: skills(this), limit: limit(this) };
    this.#live = docs.live(onAnswer, { delay: REST, meaningDelay: MEANING, onError: (error) => this.#broke(error), ...asked });
    this.#typed(true);
  }

  /** Lets meaning join, once unless `again`, and says how that stands. */
  async #join(again = false) {
    const loading = this.#loading;
    if (!this.#meaning || !loading.docs || (loading.joining && !again)) return;
    loading.joining = true;
    const note = (state) => loading === this.#loading && this.#note(state);
    note("Loading");
    try {
      note((await loading.wantModel(() => model(this))) ? "Ready" : "");
    } catch (error) {
      note("Failed");
      this.#tell("error", { error });
    }
  }

  #note(state) {
    const { note } = this.#view;
    note.dataset.state = state;
    note.textContent = this.#words[`meaning${state}`] ?? "";
    if (["Loading", "Ready"].includes(state)) return;
    if (this.#answeredQuery && this.#list.rows.length === 0) this.#showNone(false);
    if (state === "Failed") this.#speak(`${this.#toSpeak} ${note.textContent}`.trim());
  }

  #failed(error) {
    this.#loading = this.#live = null;
    this.#sayError(error);
  }

  /** An answer went wrong; if it is that of meaning, what keywords found stays. */
  #broke(error) {
    if (this.#answeredQuery !== this.#query) return this.#sayError(error);
    this.#note("Failed");
    this.#tell("error", { error });
  }

  #sayError(error) {
    this.#empty();
    this.#follow = null;
    this.#say("error", error.message);
    this.#tell("error", { error });
  }

  // What is typed, and what is found.

  #typed(again = false) {
    const query = this.#view.input.value.trim();
    if (query === this.#query && !again) return;
    if (query !== this.#query) this.#follow = null;
    this.#query = query;
    if (query && this.#live) return this.#live.search(query);
    if (!this.#loading) return; // what is wrong, and the way to try again, stay
    this.#live?.cancel();
    this.#empty();
    this.#say(query ? "loading" : "start");
  }

  #answered(answer) {
    const byWords = answer.mode === "sparse";
    this.#answeredQuery = this.#query;
    this.#list.show(answer, this.#loading.base, !byWords);
    const { rows, active } = this.#list;
    if (rows.length === 0) return this.#showNone(byWords);
    this.#view.dialog.dataset.view = "results";
    this.#speak(counted(this.#words.count, rows.length, this.closest("[lang]")?.lang));
    if (this.#follow) this.#go(active, this.#follow);
  }

  #empty() {
    this.#list?.clear();
    this.#answeredQuery = null;
  }

  /** Nothing was found; by keywords alone, meaning may still find something. */
  #showNone(keywords) {
    const waiting = keywords && this.#meaning && !["Failed", ""].includes(this.#view.note.dataset.state);
    if (!waiting) this.#follow = null;
    this.#say(waiting ? "waiting" : "none");
  }

  /** Says in words why there are no results. */
  #say(state, below = this.#words[`${state}Hint`] ?? "") {
    const { dialog, retry, says, hint } = this.#view;
    dialog.dataset.view = state;
    says.textContent = fill(this.#words[state === "error" ? "failed" : state], { query: this.#query });
    hint.textContent = below;
    retry.hidden = state !== "error";
    this.#speak(state === "start" ? "" : `${says.textContent} ${below}`.trim());
  }

  #speak(text) {
    clearTimeout(this.#speaking);
    this.#toSpeak = text;
    this.#speaking = setTimeout(() => (this.#view.status.textContent = text), SPEAK);
  }

  // Keys, and where they lead.

  #pressed(key) {
    const { dialog, input } = this.#view;
    if (!dialog.open) this.open();
    else if (key === "command") this.close();
    else input.focus();
  }

  /** A key that ends a composition is no Enter, which Safari tells by its number alone. */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const step = MOVES[event.key];
    if (event.key === "Escape") this.close(); // the browser would do it later, maybe after a key that is to open it again
    else if (event.target !== this.#view.input) return;
    else if (step && this.#moves(event)) this.#list?.move(step);
    else if (event.key === "Enter") this.#enter({ newTab: event.ctrlKey || event.metaKey });
    else return;
    event.preventDefault();
  }

  /** Home and End move within what is typed, until somebody has begun to choose among the results. */
  #moves({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    if (shiftKey || metaKey || altKey) return false;
    return (key !== "Home" && key !== "End") || ctrlKey || this.#list?.moved;
  }

  /** The list may still be that of an earlier query: then the best of the coming one is meant. */
  #enter(way) {
    const { view } = this.#view.dialog.dataset;
    if (view === "error") return this.#retry();
    if (this.#query && (this.#query !== this.#answeredQuery || view === "waiting")) this.#follow = way;
    else if (this.#list?.active) this.#go(this.#list.active, way);
  }

  #go(row, { newTab }) {
    this.#follow = null;
    if (!newTab) return row.node.click();
    if (this.#select(row, true)) window.open(row.url, "_blank", "noopener");
  }

  #clicked(event) {
    const row = this.#list.rowAt(event.target);
    if (!row || event.button > 1) return;
    const aside = isAside(event);
    if (!this.#select(row, aside)) event.preventDefault();
    if (!aside) this.close();
  }

  /** Tells which result was chosen; whether the browser is to go there. */
  #select(row, newTab) {
    return this.#tell("select", { ...row.detail, newTab }, { cancelable: true });
  }
}

/** A DocSearch of the page's own has its model already, or will not have one. */
function ownSearch(docs) {
  return { docs, wantModel: () => docs.semanticReady };
}

/** Whether a click asks for another tab or window. */
function isAside({ ctrlKey, metaKey, shiftKey, button }) {
  return ctrlKey || metaKey || shiftKey || button === 1;
}
