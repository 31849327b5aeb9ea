// Gauges of every bucket of every account, with the moment at which it is free again.

import { get, inSession } from "../api.js";
import { h, redraw, replace } from "../dom.js";
import { moment, number } from "../format.js";
import { problem } from "../parts/card.js";
import { second } from "../parts/field.js";
import { PROVIDERS } from "../providers.js";
import { named, t } from "../words.js";
import { changeLimits } from "./limits.js";

const MOST = 50; // of one account: a bucket for every mobile can be thousands

export class Gauges {
  constructor(session) {
    this.session = session;
    this.element = h("div", { class: "grid wide" });
    this.asking = null;
    this.opened = new Set(); // accounts whose use without a limit is looked at
  }

  /** Ask and draw; while it is being asked, once more is enough. */
  refresh() {
    if (this.asking) return (this.again = true);
    this.asking = this.draw().finally(() => {
      this.asking = null;
      if (this.again) ((this.again = false), this.refresh());
    });
    return this.asking;
  }

  async draw() {
    try {
      const { quota } = await get(inSession(this.session, "/quota"));
      const accounts = await Promise.all(PROVIDERS.map((name) => get(inSession(this.session, `/providers/${name}`))));
      redraw(
        this.element,
        PROVIDERS.map((name, n) =>
          this.account(
            name,
            accounts[n],
            quota.filter((use) => use.provider === name),
          ),
        ),
      );
    } catch (error) {
      replace(this.element, problem(error));
    }
  }

  account(name, settings, buckets) {
    const change = () => changeLimits(this.session, name, settings, () => this.refresh());
    const fullest = buckets.filter(({ limit }) => limit !== null).sort((one, other) => share(other) - share(one));
    const free = buckets.filter(({ limit }) => limit === null);
    return h(
      "section",
      { class: "card" },
      h(
        "header",
        {},
        h("h2", {}, named("provider", name)),
        h(
          "div",
          { class: "row" },
          second(t("quota.change"), change, {
            "data-focus": name,
            "aria-label": t("quota.change_of", { provider: named("provider", name) }),
          }),
        ),
      ),
      h(
        "div",
        { class: "body" },
        h(
          "p",
          { class: "row" },
          h("span", { class: "muted" }, t("quota.balance")),
          h("b", { class: "number" }, number(settings.balance)),
        ),
        fullest.length ? gauges(fullest) : h("p", { class: "muted" }, limitWords(settings.quotas)),
        free.length ? this.unlimited(name, free) : null,
      ),
    );
  }

  unlimited(name, uses) {
    const remember = (event) => (event.target.open ? this.opened.add(name) : this.opened.delete(name));
    return h(
      "details",
      { open: this.opened.has(name), ontoggle: remember },
      h("summary", { class: "muted small" }, t("quota.without", { number: number(uses.length) })),
      gauges(uses),
    );
  }
}

const gauges = (uses) => [
  h("ul", { class: "gauges" }, uses.slice(0, MOST).map(gauge)),
  uses.length > MOST ? h("p", { class: "muted small" }, t("quota.more", { number: number(uses.length - MOST) })) : null,
];

const share = ({ used, limit }) => (limit ? used / limit : 1);

/** What an account without use has: no limits, or limits nobody has come near to. */
function limitWords(quotas) {
  const limits = Object.entries(quotas).filter(([, limit]) => limit !== null);
  return limits.length
    ? limits
        .map(([bucket, limit]) => t("quota.limit", { bucket: named("bucket", bucket), limit: number(limit) }))
        .join(t("comma"))
    : t("quota.none");
}

const usedWords = ({ used, limit }) =>
  limit === null
    ? t("quota.unlimited", { used: number(used) })
    : t("quota.used", { used: number(used), limit: number(limit) });

function gauge(use) {
  const label = [named("bucket", use.bucket), use.key].filter(Boolean).join(" · ");
  const full = share(use) >= 1;
  const fill = h("span", { class: `fill ${full ? "full" : share(use) >= 0.8 ? "high" : ""}` });
  fill.style.width = `${Math.min(100, share(use) * 100)}%`;
  return h(
    "li",
    { class: "gauge" },
    h(
      "div",
      { class: "row small" },
      h("span", { class: "grow break" }, label),
      h("span", { class: "number" }, usedWords(use)),
    ),
    use.limit === null
      ? null
      : h(
          "div",
          {
            "class": "meter",
            "role": "meter",
            "aria-label": label,
            "aria-valuemin": "0",
            "aria-valuemax": use.limit,
            "aria-valuenow": Math.min(use.used, use.limit),
          },
          fill,
        ),
    h(
      "p",
      { class: "small muted" },
      t("quota.resets"),
      " ",
      h("time", { class: "number", datetime: use.resets_at }, moment(use.resets_at)),
    ),
  );
}
