// What of the traffic is shown. It holds while the console is open, whatever page is looked at meanwhile.

import { h } from "../dom.js";
import { select } from "../parts/field.js";
import { PROVIDERS } from "../providers.js";
import { named, t } from "../words.js";

const NONE = { text: "", provider: "", operation: "", outcome: "" };
const OUTCOMES = ["accepted", "refused", "fault", "page"];
const OPERATIONS = [
  "token",
  "send",
  "batch",
  "report",
  "balance",
  "signatures",
  "templates",
  "replies",
  "reply_read",
  "channels",
  "keywords",
  "receipt",
  "reply",
  "home",
  "help",
  "wsdl",
  "unknown",
];
const searched = new WeakMap();

export const filters = { ...NONE, clear: () => {} };

/** The rows that fit, newest first. */
export function filtered(rows) {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (let n = rows.length - 1; n >= 0; n -= 1) if (fits(rows[n], words)) found.push(rows[n]);
  return found;
}

function fits(row, words) {
  return (
    (!filters.provider || row.provider === filters.provider) &&
    (!filters.operation || row.operation === filters.operation) &&
    (!filters.outcome || row.outcome === filters.outcome || row.decided === filters.outcome) &&
    words.every((word) => text(row).includes(word))
  );
}

/** All that a row can be found by. */
function text(row) {
  let found = searched.get(row);
  if (found === undefined) {
    const parts = [
      row.id,
      row.provider,
      row.operation,
      row.door,
      row.account,
      row.mobile,
      row.outcome,
      row.decided,
      row.reason,
      row.fault?.do,
      row.fault?.id,
      row.method,
      row.path,
      row.status,
      row.at,
    ];
    found = parts
      .filter((part) => part !== null && part !== undefined)
      .join(" ")
      .toLowerCase();
    searched.set(row, found);
  }
  return found;
}

/** The fields of the filter; `changed` is called when one of them is. */
export function filterBar(changed) {
  const search = h("input", {
    "type": "search",
    "placeholder": t("filter.search"),
    "aria-label": t("filter.search_label"),
    "value": filters.text,
  });
  const set = (name) => (event) => {
    filters[name] = event.target.value;
    changed();
  };
  search.addEventListener("input", set("text"));
  const bar = h(
    "form",
    { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() },
    search,
    choice("provider", PROVIDERS, "provider", set),
    choice("operation", OPERATIONS, "operation", set),
    choice("outcome", OUTCOMES, "outcome", set),
  );
  filters.clear = () => {
    Object.assign(filters, NONE);
    for (const control of bar.elements) control.value = "";
    changed();
  };
  return bar;
}

function choice(name, values, group, set) {
  const options = [["", t(`filter.any_${name}`)], ...values.map((value) => [value, named(group, value)])];
  return select(options, filters[name], { "aria-label": t(`filter.${name}`), "onchange": set(name) });
}
