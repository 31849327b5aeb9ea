// Why a request was answered as it was: in words, with what the guide says to do about it.

import { h } from "../dom.js";
import { provenanceBadge } from "../parts/badge.js";
import { address, place } from "../place.js";
import { pick, t } from "../words.js";

/** The answer to "why?". `failures` is the catalogue by slug. */
export function why(whole, failures) {
  const { tone, words } = verdict(whole, failures);
  const entry = entryOf(whole, failures);
  return h(
    "div",
    { class: `told ${tone}` },
    h("h3", {}, t("why")),
    h("p", { class: "text" }, words),
    reasonWords(whole),
    whole.fault && whole.decided === "accepted" ? h("p", {}, t("why.accepted_anyway")) : null,
    entry ? guide(entry) : null,
  );
}

function verdict(whole, failures) {
  const title = pick(entryOf(whole, failures)?.title) || whole.reason || whole.fault?.do;
  if (whole.fault) return { tone: "warn", words: t("why.fault", { rule: whole.fault.id, title }) };
  if (whole.outcome === "refused") return { tone: "bad", words: t("why.refused", { title: title ?? "" }) };
  if (whole.outcome === "page") return { tone: "plain", words: t("why.page") };
  if (whole.outcome === "accepted" && whole.direction === "out") return { tone: "good", words: t("why.taken") };
  if (whole.outcome === "accepted") return { tone: "good", words: t("why.accepted", { number: checks(whole.trace) }) };
  return { tone: "warn", words: t("why.undecided") };
}

/** The check that did not pass, in the server's own words. */
function reasonWords(whole) {
  const failed = whole.trace.findLast((step) => !step.passed && step.rule !== "fault");
  return failed ? h("p", { class: "break" }, pick(failed)) : null;
}

const checks = (trace) => trace.filter((step) => step.passed && step.rule !== "fault").length;

/** The catalogue's entry that tells most: of the fault that acted, else of the refusal. */
const entryOf = (whole, failures) =>
  (whole.fault && failures.get(whole.fault.do.split(/\W/)[0])) || (whole.reason && failures.get(whole.reason));

const guide = (entry) =>
  h(
    "dl",
    { class: "guide" },
    h("dt", {}, t("failure.cause")),
    h("dd", {}, pick(entry.cause)),
    h("dt", {}, t("failure.remedy")),
    h("dd", {}, pick(entry.remedy)),
    h(
      "dd",
      { class: "row small" },
      provenanceBadge(entry.provenance),
      entry.section ? h("span", {}, sectionOf(entry)) : null,
      h("a", { href: address({ session: place().session, page: "failures", item: entry.slug }) }, t("failure.see")),
    ),
  );

const sectionOf = (entry) =>
  entry.section === "preface" ? t("section.preface") : t("section", { number: entry.section });
