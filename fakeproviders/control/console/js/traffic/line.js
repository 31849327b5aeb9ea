// One request as a line of the list.

import { h } from "../dom.js";
import { clockTime, milliseconds } from "../format.js";
import { outcomeBadge } from "../parts/badge.js";
import { named, pick } from "../words.js";

/** The line's cells, in one element. `failures` is the catalogue by slug, as far as it is known. */
export function cells(row, failures) {
  return [
    h(
      "div",
      { class: "line" },
      cell("time", h("time", { class: "number", datetime: row.at }, clockTime(row.at))),
      cell("outcome", outcomeBadge(row.outcome)),
      cell("where", named("provider", row.provider), row.door ? h("span", { class: "muted" }, ` ${row.door}`) : null),
      cell("operation", named("operation", row.operation)),
      cell("mobile", h("span", { class: "number" }, row.mobile)),
      cell("result", result(row, failures)),
      cell("took", h("span", { class: "number muted" }, milliseconds(row.took_ms))),
    ),
  ];
}

const cell = (name, ...content) => h("span", { class: `of-${name}` }, content);

/** What was answered, or done instead. */
function result({ fault, reason, status }, failures) {
  const title = (slug) => pick(failures.get(slug)?.title) || slug;
  if (fault && (reason === null || fault.do === reason)) return `${title(fault.do)} (${fault.id})`;
  if (fault) return `${title(fault.do)} (${fault.id}) · ${title(reason)}`;
  if (reason !== null) return title(reason);
  return status === null ? "" : `HTTP ${status}`;
}
