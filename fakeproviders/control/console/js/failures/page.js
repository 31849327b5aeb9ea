// Failures: the rules in force, and the catalogue with a button to cause each entry.

import { catalogue } from "../catalogue.js";
import { h, replace } from "../dom.js";
import { empty, loading, problem } from "../parts/card.js";
import { button, select } from "../parts/field.js";
import { PROVIDERS } from "../providers.js";
import { named, t } from "../words.js";
import { ActiveFaults } from "./active.js";
import { scriptFault } from "./dialog.js";
import { entryView } from "./entry.js";

const KINDS = ["documented", "gateway", "transport"];
const kept = { provider: "official", text: "", kind: "" }; // while the console is open

export function failures(main, { session, feed, item }) {
  const active = new ActiveFaults(session);
  const body = h("div", { class: "stack" }, loading());
  const known = { failures: null };
  const draw = (open = null) => known.failures && replace(body, groups(known.failures, session, open));
  replace(
    main,
    h(
      "div",
      { class: "head" },
      h("h1", {}, t("page.failures")),
      h(
        "div",
        { class: "row" },
        button(t("fault.new"), async () => scriptFault(session, await catalogue())),
      ),
    ),
    active.element,
    bar(() => draw()),
    body,
  );
  active.refresh();
  const to = (slug) => {
    draw(slug);
    if (slug) document.getElementById(`failure-${slug}`)?.scrollIntoView({ block: "center" });
  };
  catalogue().then(
    (found) => ((known.failures = found), to(item)),
    (error) => replace(body, problem(error)),
  );
  const off = feed.on((kinds) => {
    if (kinds.has("fault") || kinds.has("requests")) active.refresh();
  });
  return { dispose: off, to };
}

function bar(changed) {
  const set = (name) => (event) => {
    kept[name] = event.target.value;
    changed();
  };
  const search = h("input", {
    "type": "search",
    "value": kept.text,
    "placeholder": t("failure.search"),
    "aria-label": t("failure.search"),
    "oninput": set("text"),
  });
  const kinds = [["", t("kind.any")], ...KINDS.map((kind) => [kind, t(`kind.${kind}`)])];
  const providers = [...PROVIDERS, "*"].map((name) => [name, t("fault.on", { provider: named("provider", name) })]);
  return h(
    "form",
    { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() },
    search,
    select(kinds, kept.kind, { "aria-label": t("failure.kind"), "onchange": set("kind") }),
    select(providers, kept.provider, { "aria-label": t("fault.provider_label"), "onchange": set("provider") }),
  );
}

function groups(failures, session, open) {
  const found = [...failures.values()].filter(fits);
  if (!found.length) return empty(t("failure.none_fit"));
  const view = (entry) =>
    entryView(entry, { session, failures, chosen: () => kept.provider, isOpen: entry.slug === open });
  return KINDS.map((kind) => {
    const entries = found.filter((entry) => entry.kind === kind);
    return entries.length
      ? h(
          "section",
          { class: "card" },
          h("header", {}, h("h2", {}, t(`kind.${kind}`))),
          h("ul", { class: "entries" }, entries.map(view)),
        )
      : null;
  });
}

const fits = (entry) =>
  (!kept.kind || entry.kind === kept.kind) && searched(entry).includes(kept.text.trim().toLowerCase());

const searched = ({ slug, section, text, title, cause, remedy }) =>
  [slug, `§${section}`, text, ...[title, cause, remedy].flatMap(Object.values)].join(" ").toLowerCase();
