// Scenarios: a list to run one or all from; the one that is open shows its steps as they happen.

import { get } from "../api.js";
import { h, redraw, replace } from "../dom.js";
import { number } from "../format.js";
import { attempt } from "../parts/announce.js";
import { badge, outcomeBadge } from "../parts/badge.js";
import { empty, loading, problem } from "../parts/card.js";
import { button, second, select } from "../parts/field.js";
import { address } from "../place.js";
import { named, pick, t } from "../words.js";
import { queue } from "./queue.js";
import { OpenedScenario } from "./opened.js";

const kept = { text: "", tag: "" }; // while the console is open

export function scenarios(main, { session, item }) {
  const state = { all: [], open: item };
  const body = h("div", { class: "card listing" }, loading());
  const summary = h("p", { class: "muted small", role: "status" });
  const opened = new OpenedScenario();
  const split = h("div", { class: "split" }, body, opened.element);
  const stop = second(t("scenario.stop"), () => queue.stop(), { hidden: true });
  const runShown = button(t("scenario.run_shown"), () => run(shown(state.all).map(({ name }) => name)));
  const draw = () => {
    redraw(body, list(shown(state.all), session, state.open));
    replace(summary, summaryWords());
    stop.hidden = !queue.waiting.length;
  };
  const to = (name) => {
    state.open = name;
    split.classList.toggle("has-opened", name !== null);
    opened.show(state.all.find((each) => each.name === name) ?? null);
    draw();
  };
  const bar = h("form", { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() });
  replace(
    main,
    h("div", { class: "head" }, h("h1", {}, t("page.scenarios")), summary, h("div", { class: "row" }, stop, runShown)),
    h("p", { class: "lead" }, t("scenario.lead")),
    bar,
    split,
  );
  get("/scenarios").then(
    ({ scenarios: found }) => {
      state.all = found;
      replace(bar, filterFields(found, draw));
      to(state.open);
    },
    (error) => replace(body, problem(error)),
  );
  queue.look().catch(() => {});
  const off = queue.on(() => (state.all.length && draw(), opened.changed()));
  return { dispose: () => (off(), opened.stop()), to };
}

const run = (names, options) => attempt(() => queue.run(names, options));

function filterFields(all, changed) {
  const set = (name) => (event) => {
    kept[name] = event.target.value;
    changed();
  };
  const tags = [...new Set(all.flatMap(({ tags: own }) => own))].sort();
  return [
    h("input", {
      "type": "search",
      "value": kept.text,
      "placeholder": t("scenario.search"),
      "aria-label": t("scenario.search"),
      "oninput": set("text"),
    }),
    select([["", t("scenario.any_tag")], ...tags.map((tag) => [tag, tag])], kept.tag, {
      "aria-label": t("scenario.tag"),
      "onchange": set("tag"),
    }),
  ];
}

function shown(all) {
  const text = kept.text.trim().toLowerCase();
  return all.filter(
    (each) =>
      (!kept.tag || each.tags.includes(kept.tag)) &&
      [each.name, each.failure, ...each.tags, ...Object.values(each.title)].join(" ").toLowerCase().includes(text),
  );
}

const list = (all, session, open) =>
  all.length
    ? h(
        "ul",
        { class: "entries" },
        all.map((each) => line(each, session, each.name === open)),
      )
    : empty(t("scenario.none_fit"));

function line(each, session, isOpen) {
  const latest = queue.latest.get(each.name);
  return h(
    "li",
    { class: `entry scenario ${isOpen ? "is-open" : ""}` },
    h(
      "div",
      { class: "grow" },
      h(
        "a",
        {
          "href": address({ session, page: "scenarios", item: each.name }),
          "aria-current": isOpen ? "true" : null,
          "data-focus": `open-${each.name}`,
        },
        pick(each.title),
      ),
      h(
        "span",
        { class: "row small" },
        h("code", { class: "muted" }, each.name),
        each.section ? badge(sectionWords(each.section), "plain") : null,
      ),
    ),
    latest ? outcomeBadge(latest.outcome ?? latest.state) : null,
    second(t("scenario.run"), () => run([each.name]), {
      "disabled": queue.isBusy(each.name),
      "data-focus": `run-${each.name}`,
      "aria-label": t("scenario.run_one", { title: pick(each.title) }),
    }),
  );
}

const sectionWords = (section) => (section === "preface" ? t("section.preface") : t("section", { number: section }));

function summaryWords() {
  const { busy, ...ended } = queue.count();
  const parts = Object.entries(ended)
    .filter(([, count]) => count)
    .map(([outcome, count]) => `${named("outcome", outcome)} ${number(count)}`);
  if (busy) parts.unshift(t("scenario.busy", { number: number(busy) }));
  return parts.join(" · ");
}
