// What does <skillmesh-search> do? It ties what is on the screen to the engine, which it loads when somebody wants to search.

import { group } from "./results.js";
import { reached, settled } from "./settle.js";
import { styles } from "./style.js";
import { view } from "./view.js";
import { counted, fill, wording } from "./words.js";

/** Pages that are shown at most, where `limit` says nothing. */
const LIMIT = 8;

/** Milliseconds of rest before somebody who types is answered. */
const REST = 40;

/** Milliseconds before what is found is spoken: a screen reader should not talk into the typing. */
const SPEAK = 500;

/** Elements on the page; the first that is visible takes the shortcuts. */
const elements = new Set();

let engine;

/** The engine's module, fetched once; a second call after a failure tries again. */
function engineModule() {
  engine ??= import("./engine.js");
  engine.catch(() => (engine = undefined));
  return engine;
}

export class SkillMeshSearch extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["snapshot", "model", "semantic", "skills", "limit", "placeholder", "labels", "shortcuts"];

  /** The DocSearch that was handed over, if one was. */
  #own = null;
  #docs = null;
  /** Stands for the latest way to load; what comes of an earlier one is of no interest. */
  #loading = null;
  #live = null;
  #view = null;
  #words;
  /** The groups of the list, and the row that Enter follows. */
  #shown = [];
  #active = null;
  #query = "";
  /** When the list was filled, and whether somebody has chosen in it since. */
  #since = 0;
  #moved = false;
  #pointer = "";
  #speaking;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [styles().own];
  }

  connectedCallback() {
    for (const name of ["search", "labels"]) this.#upgraded(name);
    if (!this.#view) this.#build();
    elements.add(this);
    document.addEventListener("keydown", this.#shortcut);
    this.#followScheme();
  }

  disconnectedCallback() {
    this.close();
    elements.delete(this);
    document.removeEventListener("keydown", this.#shortcut);
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.#view) return;
    if (["placeholder", "labels", "shortcuts"].includes(name)) return this.#build();
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
    if (this.#view) this.#restart();
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
    const { dialog, input } = this.#view;
    if (!this.checkVisibility()) return console.warn("skillmesh-search: what lies in something hidden cannot open its dialog");
    if (!dialog.open) this.#show();
    if (typeof query === "string") input.value = query;
    input.select();
    const fresh = !this.#loading;
    this.#load();
    this.#typed(fresh);
  }

  close() {
    this.#view?.dialog.close();
  }

  /** Sets what was given to the element before it was known to the page. */
  #upgraded(name) {
    if (!Object.hasOwn(this, name)) return;
    const given = this[name];
    delete this[name];
    this[name] = given;
  }

  #build() {
    this.close();
    [this.#shown, this.#active, this.#query] = [[], null, ""];
    const words = { ...this.labels };
    words.placeholder = this.getAttribute("placeholder") ?? words.placeholder;
    this.#words = words;
    this.#view = view(words);
    if (this.getAttribute("shortcuts") === "off") this.#hideShortcuts();
    this.#listen();
    this.shadowRoot.replaceChildren(this.#view.root);
    this.#say("start", words.start);
  }

  #hideShortcuts() {
    this.#view.shortcut.hidden = true;
    this.#view.triggerButton.removeAttribute("aria-keyshortcuts");
  }

  #listen() {
    const { triggerSlot, dialog, input, list, close, retry } = this.#view;
    for (const sign of ["pointerover", "focusin", "touchstart"]) triggerSlot.addEventListener(sign, intent, { passive: true });
    triggerSlot.addEventListener("click", () => this.open());
    dialog.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("close", () => this.#closed());
    dialog.addEventListener("pointerdown", (event) => event.target === dialog && this.close());
    close.addEventListener("click", () => this.close());
    retry.addEventListener("click", () => this.#retry());
    input.addEventListener("input", () => this.#typed());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("pointermove", (event) => this.#pointed(event));
    for (const way of ["click", "auxclick"]) list.addEventListener(way, (event) => this.#clicked(event));
  }

  #show() {
    intent();
    this.#followScheme();
    const bars = innerWidth > document.documentElement.clientWidth;
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, bars ? styles().heldWithBars : styles().held];
    this.#view.dialog.showModal();
    this.#tell("open");
  }

  #closed() {
    const held = [styles().held, styles().heldWithBars];
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !held.includes(sheet));
    this.#tell("close");
  }

  /** A page that says in which colours it is drawn is followed; else the visitor's system is. */
  #followScheme() {
    this.#view.root.toggleAttribute("data-system", getComputedStyle(this).colorScheme === "normal");
  }

  #tell(name, detail = null, options = {}) {
    return this.dispatchEvent(new CustomEvent(`skillmesh-${name}`, { detail, bubbles: true, composed: true, ...options }));
  }

  // The engine.

  get #meaning() {
    if (this.getAttribute("semantic") === "off" || navigator.connection?.saveData) return false;
    return this.#own !== null || this.hasAttribute("model");
  }

  get #address() {
    return new URL(this.getAttribute("snapshot") ?? "", document.baseURI);
  }

  /** What addresses in the snapshot are relative to: the attribute `base`, else the folder of the snapshot. */
  get #base() {
    return new URL(".", new URL(this.getAttribute("base") ?? this.#address, document.baseURI));
  }

  /** Begins anew with other settings, at once if somebody is searching. */
  #restart() {
    this.#live?.cancel();
    this.#live = this.#loading = null;
    this.#view.note.textContent = "";
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
      const { docs, wantModel } = this.#own ? { docs: this.#own } : await this.#shared();
      if (loading === this.#loading) this.#loaded(docs, wantModel);
    } catch (error) {
      if (loading === this.#loading) this.#failed(error);
    }
  }

  async #shared() {
    if (!this.hasAttribute("snapshot")) throw new Error("the attribute `snapshot` is missing");
    return (await engineModule()).shared(this.#address.href);
  }

  #loaded(docs, wantModel) {
    this.#docs = docs;
    const skills = this.getAttribute("skills")?.split(",").map((name) => name.trim()).filter(Boolean);
    const limit = Number(this.getAttribute("limit")) || LIMIT;
    const mode = this.#meaning ? "auto" : "sparse";
    const onAnswer = (answer) => {
      this.#answered(answer);
      if (this.#meaning) this.#join(docs, wantModel); // keywords first: the model comes after them
    };
    this.#live = docs.live(onAnswer, { delay: REST, onError: (error) => this.#failed(error), mode, skills, limit });
    this.#typed(true);
  }

  /** Lets meaning join, once, and says how that stands. */
  #join(docs, wantModel) {
    const loading = this.#loading;
    if (loading.joining) return;
    loading.joining = true;
    wantModel?.(new URL(this.getAttribute("model"), document.baseURI).href);
    const note = (state) => loading === this.#loading && this.#note(state);
    note("Loading");
    docs.semanticReady.then((ready) => note(ready ? "Ready" : ""), (error) => (note("Failed"), this.#tell("error", { error })));
  }

  #note(state) {
    const { note, status } = this.#view;
    note.dataset.state = state;
    note.textContent = state ? this.#words[`meaning${state}`] : "";
    if (state === "Failed") status.textContent = note.textContent;
    if (!["Loading", "Ready"].includes(state) && this.#shown.length === 0 && this.#query) this.#showNone(false);
  }

  #failed(error) {
    this.#loading = this.#live = null;
    this.#empty();
    this.#say("error", this.#words.failed, error.message);
    this.#tell("error", { error });
  }

  // What is typed, and what is found.

  #typed(again = false) {
    const query = this.#view.input.value.trim();
    if (query === this.#query && !again) return;
    this.#query = query;
    if (query && this.#live) return this.#live.search(query);
    this.#live?.cancel();
    this.#empty();
    if (!query) return this.#say("start", this.#words.start);
    if (this.#loading) this.#say("loading", this.#words.loading);
  }

  #answered({ query, mode, pages }) {
    const base = this.#base;
    const groups = pages.map((page) => group(page, base, query)).filter(Boolean);
    const last = mode === "sparse" ? -1 : this.#reached();
    this.#fill(mode === "sparse" ? groups : settled(this.#shown, groups, last), last);
    if (this.#shown.length === 0) return this.#showNone(mode === "sparse");
    this.#view.dialog.dataset.view = "results";
    const count = this.#rows().length;
    this.#speak(counted(this.#words.count, count, this.closest("[lang]")?.lang));
  }

  /** Puts groups on the screen; nodes up to number `last` are there, and are not touched. */
  #fill(groups, last) {
    const { list, message, input } = this.#view;
    for (const { node } of this.#shown.slice(last + 1)) node.remove();
    list.append(...groups.slice(last + 1).map(({ node }) => node));
    this.#shown = groups;
    list.hidden = groups.length === 0;
    message.hidden = !list.hidden;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (last === -1) this.#startOver();
  }

  #startOver() {
    this.#view.body.scrollTop = 0;
    this.#since = performance.now();
    this.#moved = false;
    this.#activate(this.#shown[0]?.best ?? null);
  }

  #empty() {
    this.#fill([], -1);
  }

  /** Nothing was found; by keywords alone, meaning may still find something. */
  #showNone(keywords) {
    const waiting = keywords && this.#meaning && !["Failed", ""].includes(this.#view.note.dataset.state);
    const [says, hint] = waiting ? ["waiting", "waitingHint"] : ["none", "noneHint"];
    this.#say(waiting ? "waiting" : "none", fill(this.#words[says], { query: this.#query }), this.#words[hint]);
  }

  /** Says in words why there are no results. */
  #say(state, says, hint = "") {
    const { dialog, retry, ...texts } = this.#view;
    dialog.dataset.view = state;
    texts.says.textContent = says;
    texts.hint.textContent = hint;
    retry.hidden = state !== "error";
    this.#speak(state === "start" ? "" : `${says} ${hint}`);
  }

  #speak(text) {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => (this.#view.status.textContent = text), SPEAK);
  }

  #reached() {
    const { body } = this.#view;
    const edge = body.getBoundingClientRect().bottom;
    const index = (test) => this.#shown.findLastIndex(test);
    return reached({
      age: performance.now() - this.#since,
      moved: this.#moved,
      active: index(({ rows }) => rows.includes(this.#active)),
      hovered: index(({ node }) => node.matches(":hover")),
      scrolled: body.scrollTop > 0 ? index(({ node }) => node.getBoundingClientRect().top < edge) : -1,
    });
  }

  // Which result is meant.

  #rows() {
    return this.#shown.flatMap(({ rows }) => rows);
  }

  #activate(row, scroll = false) {
    for (const [one, yes] of [[this.#active, false], [row, true]]) {
      one?.node.setAttribute("aria-selected", String(yes));
      one?.node.part.toggle("active-option", yes);
    }
    this.#active = row;
    const { input } = this.#view;
    if (row) input.setAttribute("aria-activedescendant", row.node.id);
    else input.removeAttribute("aria-activedescendant");
    if (scroll) row?.node.scrollIntoView({ block: "nearest" });
  }

  #move(to) {
    const rows = this.#rows();
    if (rows.length === 0) return;
    this.#moved = true;
    this.#activate(rows[to(rows.indexOf(this.#active), rows.length)], true);
    if (this.#active === rows[0]) this.#view.body.scrollTop = 0;
  }

  /** A pointer that really moves chooses; rows that pass under one at rest do not become active. */
  #pointed({ target, clientX, clientY }) {
    const place = `${clientX} ${clientY}`;
    const still = place === this.#pointer || this.#pointer === "";
    this.#pointer = place;
    const row = this.#rowAt(target);
    if (still || !row || row === this.#active) return;
    this.#moved = true;
    this.#activate(row);
  }

  #rowAt(target) {
    const node = target.closest("[role=option]");
    return this.#rows().find((row) => row.node === node);
  }

  // Keys, and where they lead.

  #shortcut = (event) => {
    if ([...elements].find(takesKeys) !== this || event.defaultPrevented) return;
    const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!(command || slash) || (isField(event.composedPath()[0]) && !(command && this.#view.dialog.open))) return;
    event.preventDefault();
    const { dialog, input } = this.#view;
    if (!dialog.open) this.open();
    else if (command) this.close();
    else input.focus();
  };

  #key(event) {
    if (event.isComposing || event.target !== this.#view.input) return;
    const step = MOVES[event.key];
    if (step && this.#moves(event)) this.#move(step);
    else if (event.key === "Enter") this.#enter(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }

  /** Home and End move within what is typed, until somebody has begun to choose among the results. */
  #moves({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    if (shiftKey || metaKey || altKey) return false;
    return (key !== "Home" && key !== "End") || ctrlKey || this.#moved;
  }

  #enter(newTab) {
    if (!this.#active) return;
    if (!newTab) return this.#active.node.click();
    if (this.#select(this.#active, true)) window.open(this.#active.url, "_blank", "noopener");
  }

  #clicked(event) {
    const row = this.#rowAt(event.target);
    if (!row || event.button > 1) return;
    const aside = event.ctrlKey || event.metaKey || event.shiftKey || event.button === 1;
    if (!this.#select(row, aside)) event.preventDefault();
    if (!aside) this.close();
  }

  /** Tells which result was chosen; whether the browser is to go there. */
  #select(row, newTab) {
    return this.#tell("select", { ...row.detail, newTab }, { cancelable: true });
  }
}

const MOVES = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  PageDown: (at, count) => Math.min(at + 5, count - 1),
  PageUp: (at) => Math.max(at - 5, 0),
  Home: () => 0,
  End: (at, count) => count - 1,
};

function takesKeys(element) {
  return element.getAttribute("shortcuts") !== "off" && element.checkVisibility();
}

/** Somebody is about to search. */
function intent() {
  engineModule().then(({ warm }) => warm(), () => {});
}

function isField(node) {
  return node?.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(node?.tagName);
}
