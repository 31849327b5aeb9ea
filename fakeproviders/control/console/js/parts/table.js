// Tables; on a narrow screen each row is a card, its cells under their headings.

import { h } from "../dom.js";

/** `columns` are headings; `rows` lists of cells. `caption` is read out. */
export const table = (caption, columns, rows, attributes = {}) =>
  h(
    "table",
    { class: "cards", ...attributes },
    h("caption", { class: "unseen" }, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        columns.map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((cells) =>
        h(
          "tr",
          {},
          cells.map((cell, n) => h("td", { "data-of": columns[n] }, h("div", {}, cell))),
        ),
      ),
    ),
  );
