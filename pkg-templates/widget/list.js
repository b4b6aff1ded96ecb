// Which result is meant? The list as it is on the screen, the row that Enter follows, and what of it a better answer may still change.

import { group } from "./results.js";
import { reached, settled } from "./settle.js";

export class ResultList {
  #view;
  #groups = [];
  #active = null;
  /** When the list was filled, and whether somebody has chosen in it since. */
  #since = 0;
  #moved = false;
  #pointer = "";

  constructor(view) {
    this.#view = view;
  }

  get rows() {
    return this.#groups.flatMap(({ rows }) => rows);
  }

  get active() {
    return this.#active;
  }

  /** Whether somebody has chosen in it. */
  get moved() {
    return this.#moved;
  }

  /** Shows the pages of an answer; where it is a `better` one to the same query, what was reached stays. */
  show({ query, pages }, base, better) {
    const groups = pages.map((page) => group(page, base, query)).filter(Boolean);
    const last = better ? this.#reached() : -1;
    this.#fill(better ? settled(this.#groups, groups, last) : groups, last);
  }

  clear() {
    this.#fill([], -1);
  }

  move(to) {
    const { rows } = this;
    if (rows.length === 0) return;
    this.#moved = true;
    this.#activate(rows[to(rows.indexOf(this.#active), rows.length)], true);
    if (this.#active === rows[0]) this.#view.body.scrollTop = 0;
  }

  /** A pointer that really moves chooses; rows that pass under one at rest do not become active. */
  pointed({ target, clientX, clientY }) {
    const place = `${clientX} ${clientY}`;
    const still = place === this.#pointer || this.#pointer === "";
    this.#pointer = place;
    const row = this.rowAt(target);
    if (still || !row || row === this.#active) return;
    this.#moved = true;
    this.#activate(row);
  }

  rowAt(target) {
    const node = target.closest("[role=option]");
    return this.rows.find((row) => row.node === node);
  }

  /** Puts groups on the screen; nodes up to number `last` are there, and are not touched. */
  #fill(groups, last) {
    const { list, message, input } = this.#view;
    for (const { node } of this.#groups.slice(last + 1)) node.remove();
    list.append(...groups.slice(last + 1).map(({ node }) => node));
    this.#groups = groups;
    list.hidden = groups.length === 0;
    message.hidden = !list.hidden;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (last === -1) this.#startOver();
  }

  #startOver() {
    this.#view.body.scrollTop = 0;
    this.#since = performance.now();
    this.#moved = false;
    this.#activate(this.#groups[0]?.best ?? null);
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

  #reached() {
    const { body } = this.#view;
    const edge = body.getBoundingClientRect().bottom;
    const index = (test) => this.#groups.findLastIndex(test);
    return reached({
      age: performance.now() - this.#since,
      moved: this.#moved,
      active: index(({ rows }) => rows.includes(this.#active)),
      hovered: index(({ node }) => node.matches(":hover")),
      scrolled: body.scrollTop > 0 ? index(({ node }) => node.getBoundingClientRect().top < edge) : -1,
    });
  }
}
