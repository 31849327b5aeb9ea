// The ledger's counts as tables: were the limits held, what came through which door, how clients behaved.

import { h } from "../dom.js";
import { milliseconds, number } from "../format.js";
import { badge } from "../parts/badge.js";
import { empty, facts } from "../parts/card.js";
import { table } from "../parts/table.js";
import { named, t } from "../words.js";
import { quantile } from "./histogram.js";

export function limits(all, reasons) {
  const checked = reasons.checked
    ? h(
        "p",
        { class: "row" },
        reasons.wrong
          ? badge(t("load.reasons_wrong", { number: number(reasons.wrong) }), "bad")
          : badge(t("load.reasons_right"), "good"),
        h("span", { class: "muted small" }, t("load.reasons_checked", { number: number(reasons.checked) })),
      )
    : null;
  if (!all.length) return [empty(t("load.no_limits")), checked];
  const columns = ["where", "bucket", "limit", "windows", "accepted", "refused", "over_limit", "short", "peak"].map(
    (name) => t(`load.${name}`),
  );
  return [
    table(
      t("load.limits"),
      columns,
      all.map((limit) => [
        named("provider", limit.provider),
        named("bucket", limit.bucket),
        number(limit.limit),
        number(limit.windows),
        number(limit.accepted),
        number(limit.refused),
        verdict(limit.over),
        verdict(limit.short),
        `${limit.peak.toFixed(1)} ×`,
      ]),
    ),
    checked,
  ];
}

const verdict = (windows) => (windows ? badge(number(windows), "bad") : badge("0", "good"));

export function doors(all) {
  if (!all.length) return empty(t("load.nothing"));
  const columns = ["where", "operation", "attempts", "accepted", "refused", "faults", "half", "slowest"].map((name) =>
    t(`load.${name}`),
  );
  return table(
    t("load.doors"),
    columns,
    all.map((door) => [
      `${named("provider", door.provider)} · ${door.door}`,
      named("operation", door.operation),
      number(door.attempts),
      number(door.accepted),
      counts(door.refused),
      counts(door.faults),
      milliseconds(quantile(door.seconds, 0.5) * 1000),
      milliseconds(quantile(door.seconds, 0.99) * 1000),
    ]),
  );
}

/** Names and how often, the most frequent first. */
const counts = (all) =>
  Object.entries(all)
    .sort((one, other) => other[1] - one[1])
    .map(([name, count]) => h("div", {}, h("code", {}, name), " ", h("span", { class: "number" }, number(count))));

export const clients = (found) =>
  facts([
    ...["messages", "retries", "pointless", "early", "lost_replies", "duplicates", "duplicates_after_lost_reply"].map(
      (name) => [t(`clients.${name}`), number(found[name])],
    ),
    [t("clients.retries_after"), Object.keys(found.retries_after).length ? counts(found.retries_after) : null],
  ]);
