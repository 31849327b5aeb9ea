// A fault rule: from the dialog's fields to the API's grammar, and back to words.

import { number } from "../format.js";
import { named, t } from "../words.js";

/** Failures of the network that have settings worth choosing, with what they start from. */
export const SETTINGS = {
  delay: { ms: 3000 },
  reset: { after_bytes: 40 },
  truncate: { keep: 0.5 },
  trickle: { bytes: 16, ms: 100 },
  garbage: { bytes: 64 },
  status: { status: 503, server: "nginx" },
  wrong_charset: { charset: "gbk" },
  wrong_content_type: { content_type: "text/html" },
  reply_lost: { reset: true },
};

/** The rule of what was chosen. Throws where the settings are no JSON. */
export function ruleOf({ slug, provider, operation, mobile, when, times, percent, settings }) {
  return {
    provider,
    ...(operation ? { operation } : {}),
    ...(mobile ? { match: { mobile: mobile.length < 11 ? { prefix: mobile } : mobile } } : {}),
    do: settings ? { [slug]: parsed(settings) } : slug,
    ...(when === "once" ? { times: 1 } : {}),
    ...(when === "times" ? { times } : {}),
    ...(when === "chance" ? { probability: percent / 100 } : {}),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(t("fault.settings_wrong"));
  }
}

/** What a rule does, in a line. */
export const whatOf = (rule) =>
  rule.script ? rule.script : typeof rule.do === "string" ? rule.do : JSON.stringify(rule.do);

/** When it does it. */
export function whenOf(rule) {
  const parts = [
    rule.times ? t("fault.when_times", { times: number(rule.times) }) : null,
    rule.after ? t("fault.when_after", { after: number(rule.after) }) : null,
    rule.every > 1 ? t("fault.when_every", { every: number(rule.every) }) : null,
    typeof rule.probability === "number" ? t("fault.when_chance", { percent: percentage(rule.probability) }) : null,
    rule.per ? t("fault.when_per", { field: rule.per }) : null,
    ...["since", "until", "cycle"].filter((name) => rule[name]).map((name) => `${name} ${JSON.stringify(rule[name])}`),
    typeof rule.probability === "object" ? JSON.stringify(rule.probability) : null,
  ].filter(Boolean);
  return parts.length ? parts.join(t("comma")) : t("fault.when_always");
}

/** Which requests it meets. */
export function whoOf(rule) {
  const who = [
    named("provider", rule.provider),
    rule.operation ? named("operation", rule.operation) : t("filter.any_operation"),
  ];
  return rule.match ? [...who, JSON.stringify(rule.match)].join(" · ") : who.join(" · ");
}

const percentage = (share) => `${Number((share * 100).toFixed(2))} %`;
