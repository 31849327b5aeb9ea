// What a step found: each expectation, and for one that was not met what was there instead, and why.

import { h } from "../dom.js";
import { facts } from "../parts/card.js";
import { pick, t } from "../words.js";

export function findings(step) {
  const failed = step.checks.filter((check) => !check.ok);
  return [
    step.seen.filter(({ text }) => text).map(({ text }) => h("p", { class: "seen small", lang: "zh-CN" }, text)),
    step.problem ? h("p", { class: "wrong" }, pick(step.problem)) : null,
    failed.map(check),
    step.traces.length ? traces(step.traces) : null,
    step.checks.length && !failed.length
      ? h("p", { class: "small muted" }, t("step.checks", { number: step.checks.length }))
      : null,
  ];
}

const check = ({ what, expected, actual, hints }) =>
  h(
    "div",
    { class: "told bad" },
    h("p", { class: "text" }, pick(what)),
    facts([
      [t("step.expected"), pick(expected)],
      [t("step.actual"), pick(actual)],
    ]),
    hints.map((hint) => h("p", { class: "small" }, pick(hint))),
  );

const traces = (all) =>
  h(
    "details",
    {},
    h("summary", {}, t("request.path")),
    all.map((trace) =>
      h(
        "div",
        {},
        h(
          "p",
          { class: "small" },
          h("code", {}, `${trace.request} ${trace.provider} ${trace.operation} ${trace.outcome}`),
        ),
        h(
          "ul",
          {},
          trace.decisions.map(({ passed, words }) =>
            h("li", { class: "small break" }, `${passed ? "✓" : "✗"} ${pick(words)}`),
          ),
        ),
      ),
    ),
  );
