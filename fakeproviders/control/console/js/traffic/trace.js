// The decision trace as a path: each check in its order, up to the one that ended it.

import { h } from "../dom.js";
import { pick, t } from "../words.js";

export function path(trace, whole) {
  const end = whole.reply === null ? t("path.no_reply") : t("path.replied", { status: whole.reply.status });
  return h(
    "ol",
    { class: "path" },
    stop("start", t("path.received", { method: whole.method })),
    trace.map((step) => stop(step.passed ? "passed" : "failed", pick(step), step.rule)),
    stop("end", end),
  );
}

const SIGNS = { passed: "✓", failed: "✗", start: "→", end: "←" };

const stop = (kind, words, rule = null) =>
  h(
    "li",
    { class: kind },
    h("span", { "class": "sign", "aria-hidden": "true" }, SIGNS[kind]),
    kind === "passed" || kind === "failed" ? h("span", { class: "unseen" }, t(`path.${kind}`)) : null,
    h("span", { class: "break" }, words, rule ? h("code", { class: "muted rule" }, rule) : null),
  );
