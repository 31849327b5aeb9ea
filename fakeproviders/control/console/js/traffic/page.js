// Live traffic: every request to every provider, newest first; one of them opens beside the list.

import { inSession } from "../api.js";
import { catalogue } from "../catalogue.js";
import { h, replace } from "../dom.js";
import { number } from "../format.js";
import { attempt, complain } from "../parts/announce.js";
import { second } from "../parts/field.js";
import { save } from "../parts/save.js";
import { VirtualList } from "../parts/virtual_list.js";
import { go } from "../place.js";
import { t } from "../words.js";
import { filterBar, filtered, filters } from "./filters.js";
import { cells } from "./line.js";
import { Opened } from "./opened.js";

export function traffic(main, { session, feed, item }) {
  let failures = new Map();
  const count = h("p", { class: "muted small count" });
  const list = new VirtualList({
    label: t("traffic.list"),
    render: (row) => cells(row, failures),
    key: (row) => row.id,
    open: (row) => go({ item: row.id }),
  });
  const nothing = h("div", { class: "empty" });
  const opened = new Opened(session, feed, () => (go({ item: null }), list.element.focus()));
  const whole = h(
    "div",
    { class: "split" },
    h("section", { "class": "card listing", "aria-label": t("traffic.list") }, headings(), list.element, nothing),
    opened.element,
  );

  const draw = () => {
    const rows = filtered(feed.requests.list);
    list.show(rows);
    list.element.hidden = !rows.length;
    replace(nothing, rows.length ? null : emptyWords(feed));
    nothing.hidden = rows.length > 0;
    replace(count, countWords(rows.length, feed));
  };
  const bar = filterBar(draw);
  const to = (id) => {
    whole.classList.toggle("has-opened", id !== null);
    list.mark(id);
    opened.show(id);
  };
  replace(
    main,
    h("div", { class: "head" }, h("h1", {}, t("page.traffic")), count, h("div", { class: "row" }, exports(session))),
    bar,
    whole,
  );
  main.classList.add("full");
  draw();
  to(item);
  catalogue().then((found) => ((failures = found), list.again()), complain);
  const off = feed.on((kinds) => {
    if (kinds.has("requests")) draw();
  });
  const shortcut = (event) => {
    const typing = event.target.closest?.("input, textarea, select, dialog");
    if (event.key === "/" && !typing) (event.preventDefault(), bar.querySelector("input").focus());
    if (event.key === "Escape" && !typing && opened.id !== null) opened.close();
  };
  document.addEventListener("keydown", shortcut);
  const dispose = () => {
    off();
    list.close();
    opened.stop();
    main.classList.remove("full");
    document.removeEventListener("keydown", shortcut);
  };
  return { dispose, to };
}

const exports = (session) =>
  ["har", "jsonl"].map((format) =>
    second(t(`export.${format}`), () =>
      attempt(() => save(inSession(session, `/requests?format=${format}`), `${session}.${format}`)),
    ),
  );

const headings = () =>
  h(
    "div",
    { "class": "line headings", "aria-hidden": "true" },
    ["time", "outcome", "where", "operation", "mobile", "result", "took"].map((name) =>
      h("span", { class: `of-${name}` }, t(`line.${name}`)),
    ),
  );

const emptyWords = (feed) =>
  feed.requests.list.length
    ? [h("p", {}, t("traffic.none_fit")), second(t("filter.clear"), () => filters.clear())]
    : [h("p", {}, t("traffic.none")), h("p", { class: "small" }, t("traffic.none_hint"))];

function countWords(shown, feed) {
  const all = feed.requests.list.length;
  const words =
    shown === all
      ? t("traffic.count", { all: number(all) })
      : t("traffic.count_of", { shown: number(shown), all: number(all) });
  return feed.missed ? `${words} · ${t("traffic.missed", { missed: number(feed.missed) })}` : words;
}
