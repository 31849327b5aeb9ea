// An entry of the catalogue, and the buttons that cause it.

import { h } from "../dom.js";
import { attempt } from "../parts/announce.js";
import { badge, provenanceBadge } from "../parts/badge.js";
import { facts } from "../parts/card.js";
import { second } from "../parts/field.js";
import { named, pick, t } from "../words.js";
import { addRule, scriptFault } from "./dialog.js";

/** `chosen()` is the provider that the page has chosen. */
export function entryView(entry, { session, failures, chosen, isOpen }) {
  const once = () =>
    attempt(() => addRule(session, { provider: chosen(), operation: "send", do: entry.slug, times: 1 }));
  const more = () => scriptFault(session, failures, { slug: entry.slug, provider: chosen() });
  return h(
    "li",
    { class: "entry", id: `failure-${entry.slug}` },
    h(
      "details",
      { open: isOpen },
      h(
        "summary",
        {},
        h("span", { class: "title" }, pick(entry.title)),
        h("code", { class: "muted" }, entry.slug),
        h("span", { class: "badges" }, sectionBadge(entry), provenanceBadge(entry.provenance)),
      ),
      h("div", { class: "stack inner" }, text(entry), about(entry)),
    ),
    h(
      "div",
      { class: "row cause-it" },
      second(t("fault.once_button"), once, { "aria-label": t("fault.once_of", { what: pick(entry.title) }) }),
      second(t("fault.more"), more, { "aria-label": t("fault.more_of", { what: pick(entry.title) }) }),
    ),
  );
}

const sectionBadge = ({ section }) =>
  section ? badge(section === "preface" ? t("section.preface") : t("section", { number: section }), "plain") : null;

const text = (entry) =>
  entry.text
    ? h(
        "blockquote",
        { class: "wiretext", lang: "zh-CN" },
        h("span", { class: "muted" }, entry.panel_prefix),
        entry.text,
      )
    : null;

const about = (entry) =>
  facts([
    [t("failure.cause"), pick(entry.cause)],
    [t("failure.remedy"), pick(entry.remedy)],
    ...Object.entries(entry.wire ?? {}).map(([provider, form]) => [named("provider", provider), wireWords(form)]),
  ]);

const wireWords = ({ status, code, text, html }) =>
  h(
    "code",
    {},
    [`HTTP ${status}`, html ? "HTML" : null, code === undefined || code === null ? null : `code ${code}`, text]
      .filter(Boolean)
      .join(" · "),
  );
