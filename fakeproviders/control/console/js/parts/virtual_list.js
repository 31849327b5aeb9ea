// A list of any length of which only what is seen exists. The newest stands on top.

import { h } from "../dom.js";

const SPARE = 6; // rows above and below what is seen
let serial = 0;

export class VirtualList {
  /** `render(item)` makes a row's content; `key(item)` names it; `open(item)` is for Enter and click. */
  constructor({ label, render, key, open }) {
    Object.assign(this, { render, key, open, items: [], active: null, rows: new Map() });
    this.id = `list${(serial += 1)}`;
    this.space = h("div", { role: "presentation", class: "space" });
    this.element = h(
      "div",
      {
        "class": "virtual",
        "role": "listbox",
        "tabindex": "0",
        "aria-label": label,
        "onscroll": () => this.draw(),
        "onkeydown": (event) => this.pressed(event),
        "onclick": (event) => this.clicked(event),
      },
      this.space,
    );
    this.watching = new ResizeObserver(() => this.draw());
    this.watching.observe(this.element);
  }

  close() {
    this.watching.disconnect();
  }

  /** Show these; where the reader has scrolled down, what he reads stays in its place. */
  show(items) {
    const first = Math.floor(this.element.scrollTop / this.height());
    const held = this.element.scrollTop > 0 ? this.items[first] : undefined;
    const holds = held && this.key(held);
    this.items = items;
    this.space.style.height = `${items.length * this.height()}px`;
    if (holds) {
      const now = items.findIndex((item) => this.key(item) === holds);
      if (now >= 0) this.element.scrollTop += (now - first) * this.height();
    }
    this.draw();
  }

  /** Make the content of every row anew. */
  again() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.draw();
  }

  /** Mark a row as the one that is open. */
  mark(key) {
    this.active = key;
    this.draw();
  }

  height() {
    return parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 40;
  }

  draw() {
    const height = this.height();
    const first = Math.max(0, Math.floor(this.element.scrollTop / height) - SPARE);
    const seen = Math.ceil(this.element.clientHeight / height) + 2 * SPARE;
    const wanted = new Map(this.items.slice(first, first + seen).map((item, n) => [this.key(item), [item, first + n]]));
    for (const [key, row] of this.rows) if (!wanted.has(key)) (row.remove(), this.rows.delete(key));
    let next = this.space.firstChild;
    for (const [key, [item, place]] of wanted) {
      const row = this.place(key, item, place, height);
      if (row === next) next = next.nextSibling;
      else this.space.insertBefore(row, next); // the order of the page is that of the eye
    }
    const active = this.active !== null && this.rows.get(this.active);
    if (active) this.element.setAttribute("aria-activedescendant", active.id);
    else this.element.removeAttribute("aria-activedescendant");
  }

  place(key, item, place, height) {
    let row = this.rows.get(key);
    if (!row) {
      row = h("div", { role: "option", class: "row-of-list", id: `${this.id}-${key}` });
      this.rows.set(key, row);
    }
    if (row.item !== item) row.replaceChildren(...this.render(item));
    row.item = item;
    row.setAttribute("aria-posinset", place + 1);
    row.setAttribute("aria-setsize", this.items.length);
    row.setAttribute("aria-selected", String(key === this.active));
    row.style.transform = `translateY(${place * height}px)`;
    return row;
  }

  clicked(event) {
    const row = event.target.closest("[role=option]");
    if (row) this.open(row.item);
  }

  pressed(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.height()) - 1);
    const now = this.items.findIndex((item) => this.key(item) === this.active);
    const to = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: Infinity,
    };
    if (event.key === "Enter" || event.key === " ") {
      if (now >= 0) this.open(this.items[now]);
    } else if (event.key in to && this.items.length) {
      this.step(Math.min(Math.max(to[event.key], 0), this.items.length - 1));
    } else return;
    event.preventDefault();
  }

  step(place) {
    const height = this.height();
    const top = place * height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    if (top + height > scrollTop + clientHeight) this.element.scrollTop = top + height - clientHeight;
    this.mark(this.key(this.items[place]));
  }
}
