// One scenario: its steps, lit up as they happen, and what each one found.

import { follow } from "../follow.js";
import { h, redraw } from "../dom.js";
import { lang, pick, t } from "../words.js";
import { attempt } from "../parts/announce.js";
import { badge, outcomeBadge } from "../parts/badge.js";
import { button, second } from "../parts/field.js";
import { hasToken } from "../api.js";
import { save } from "../parts/save.js";
import { address, go, place } from "../place.js";
import { queue } from "./queue.js";
import { findings } from "./findings.js";

const STARTS_ITS_OWN = "given"; // a phase of one step, which the list of scenarios does not name

export class OpenedScenario {
  constructor() {
    this.element = h("section", { "class": "card opened", "aria-label": t("scenario.opened"), "hidden": true });
    this.following = null;
    this.scenario = null;
  }

  /** Show a scenario and its latest run; null shows none. */
  show(scenario) {
    if (scenario === this.scenario && scenario !== null) return;
    this.stop();
    this.scenario = scenario;
    this.element.hidden = scenario === null;
    this.run = { id: null };
    this.isBusy = undefined;
    this.changed();
  }

  /** Something has changed in the queue: perhaps there is a new run of this scenario, or one has ended. */
  changed() {
    if (this.scenario === null) return;
    const latest = queue.latest.get(this.scenario.name);
    if (!latest || latest.id === null || latest.id === this.run.id) {
      if (this.isBusy !== queue.isBusy(this.scenario.name)) this.draw();
      return;
    }
    this.stop();
    this.run = { id: latest.id, steps: new Map(), now: null, result: null, session: null };
    this.following = new AbortController();
    follow(`/runs/${latest.id}/events`, {
      signal: this.following.signal,
      take: (kind, data) => this.take(kind, data),
    });
    this.draw();
  }

  stop() {
    this.following?.abort();
    this.following = null;
  }

  take(kind, data) {
    if (kind === "scenario_started") this.run.session = data.session;
    if (kind === "step_started") this.run.now = { key: keyOf(data), words: data.words };
    if (kind === "step_finished") {
      this.run.steps.set(keyOf(data.step), data.step);
      this.run.now = null;
    }
    if (kind === "scenario_finished") {
      this.run.result = data.result;
      this.run.now = null;
      queue.look().catch(() => {});
    }
    this.draw();
  }

  draw() {
    const { title, about, name, tags, failure } = this.scenario;
    this.isBusy = queue.isBusy(name);
    const keep = h("input", { "type": "checkbox", "id": "keep-session", "checked": this.keeps, "data-focus": "keep" });
    keep.addEventListener("change", () => (this.keeps = keep.checked));
    const start = () => attempt(() => queue.run([name], { keep: keep.checked }));
    redraw(
      this.element,
      h(
        "header",
        {},
        h("h2", {}, pick(title)),
        h(
          "div",
          { class: "row" },
          second(t("close"), () => go({ item: null }), { "data-focus": "close" }),
        ),
      ),
      h(
        "div",
        { class: "body" },
        about ? h("p", {}, pick(about)) : null,
        h(
          "p",
          { class: "row small" },
          h("code", { class: "muted" }, name),
          tags.map((tag) => badge(tag)),
          failure
            ? h("a", { href: address({ session: place().session, page: "failures", item: failure }) }, failure)
            : null,
        ),
        h(
          "div",
          { class: "row" },
          button(t("scenario.run"), start, { "disabled": this.isBusy, "data-focus": "run" }),
          h("label", { class: "choice", for: "keep-session" }, keep, t("scenario.keep")),
        ),
        this.ending(),
        h(
          "ol",
          { class: "path steps" },
          this.steps().map((step) => this.step(step)),
        ),
      ),
    );
  }

  /** Those that the list names, and those that the run has had beside them. */
  steps() {
    const named = this.scenario.steps.map((step) => ({ ...step, key: keyOf(step) }));
    const known = new Set(named.map(({ key }) => key));
    const others = [...(this.run.steps?.values() ?? [])]
      .map((step) => ({ ...step, key: keyOf(step) }))
      .filter(({ key }) => !known.has(key));
    return [
      ...others.filter(({ phase }) => phase === STARTS_ITS_OWN),
      ...named,
      ...others.filter(({ phase }) => phase !== STARTS_ITS_OWN),
    ];
  }

  step({ key, phase, words }) {
    const done = this.run.steps?.get(key);
    const isNow = this.run.now?.key === key;
    const kind = done ? (done.outcome === "passed" ? "passed" : "failed") : isNow ? "now" : "to-come";
    const sign = { "passed": "✓", "failed": "✗", "now": "●", "to-come": "○" }[kind];
    return h(
      "li",
      { class: kind },
      h("span", { "class": "sign", "aria-hidden": "true" }, sign),
      h("span", { class: "unseen" }, t(`step.${kind}`)),
      h(
        "div",
        {},
        badge(t(`phase.${phase}`)),
        " ",
        h("span", { class: "break" }, pick(done?.words ?? (isNow ? this.run.now.words : words))),
        done ? findings(done) : null,
      ),
    );
  }

  ending() {
    const { result, id } = this.run;
    if (!result) return null;
    return h(
      "div",
      { class: "row ending", role: "status" },
      outcomeBadge(result.outcome),
      h("span", { class: "muted small" }, t("scenario.took", { seconds: result.took.toFixed(2) })),
      result.reason ? h("span", { class: "break" }, pick(result.reason)) : null,
      report(id, this.scenario.name),
      result.session
        ? h("a", { href: address({ session: result.session, page: "traffic" }) }, t("scenario.its_traffic"))
        : null,
    );
  }
}

const keyOf = ({ phase, index }) => `${phase}-${index}`;

/** A page of its own; with a token, which a link cannot carry, a file. */
const report = (id, name) =>
  hasToken()
    ? second(t("scenario.save_report"), () => attempt(() => save(`/runs/${id}/report?lang=${lang()}`, `${name}.html`)))
    : h(
        "a",
        {
          class: "button second small",
          target: "_blank",
          rel: "noopener",
          href: `/api/v1/runs/${id}/report?lang=${lang()}`,
        },
        t("scenario.report"),
      );
