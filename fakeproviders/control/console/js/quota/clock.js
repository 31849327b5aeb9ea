// The session's clock: what it shows, and how it is moved.

import { get, inSession, post, put } from "../api.js";
import { h, replace } from "../dom.js";
import { beijing, nextMidnight } from "../format.js";
import { attempt } from "../parts/announce.js";
import { badge } from "../parts/badge.js";
import { button, field, second } from "../parts/field.js";
import { t } from "../words.js";

const TONES = { system: "good", offset: "warn", frozen: "plain" };

export class ClockCard {
  /** `moved()` is called when the reader has moved it. */
  constructor(session, moved) {
    Object.assign(this, { session, moved, state: null, shownAt: 0 });
    this.time = h("p", { class: "time number" }, "…");
    this.day = h("p", { class: "muted number" });
    this.mode = h("p", { role: "status" });
    this.freezer = h("div", { class: "row" });
    this.element = h(
      "section",
      { class: "card" },
      h("header", {}, h("h2", {}, t("clock"))),
      h(
        "div",
        { class: "body clock" },
        h("div", {}, this.time, this.day, this.mode),
        h("div", { class: "stack grow" }, h("div", { class: "row" }, this.jumps(), this.freezer), this.setter()),
      ),
    );
    this.ticking = setInterval(() => this.tick(), 250);
  }

  stop() {
    clearInterval(this.ticking);
  }

  refresh() {
    return attempt(async () => this.show(await get(this.path())));
  }

  path(rest = "") {
    return inSession(this.session, `/clock${rest}`);
  }

  show(state) {
    this.state = state;
    this.shownAt = performance.now();
    replace(this.mode, badge(t(`clock.${state.mode}`), TONES[state.mode]));
    const frozen = state.mode === "frozen";
    replace(
      this.freezer,
      frozen
        ? button(t("clock.go_on"), () => this.set({ mode: "offset", at: this.now() }))
        : button(t("clock.freeze"), () => this.set({ mode: "frozen", at: this.now() })),
      state.mode === "system" ? null : second(t("clock.to_system"), () => this.set({ mode: "system" })),
    );
    this.tick();
  }

  /** What it shows now, to the second. */
  now() {
    const since = this.state.mode === "frozen" ? 0 : performance.now() - this.shownAt;
    return beijing(Date.parse(this.state.now) + since);
  }

  tick() {
    if (!this.state) return;
    const now = this.now();
    replace(this.time, now.slice(11, 19));
    replace(this.day, t("clock.beijing", { day: now.slice(0, 10) }));
  }

  jumps() {
    return [
      second(t("clock.minute"), () => this.advance({ seconds: 60 })),
      second(t("clock.hour"), () => this.advance({ seconds: 3600 })),
      second(t("clock.midnight"), () => this.advance({ to: nextMidnight(this.now()) })),
    ];
  }

  setter() {
    const to = h("input", { type: "datetime-local", step: "1", required: true });
    const sent = (event) => {
      event.preventDefault();
      const seconds = to.value.length === 16 ? ":00" : "";
      this.set({ mode: this.state.mode === "frozen" ? "frozen" : "offset", at: `${to.value}${seconds}+08:00` });
    };
    return h(
      "details",
      {},
      h("summary", {}, t("clock.set")),
      h(
        "form",
        { class: "row set-clock", onsubmit: sent },
        field(t("clock.moment"), to),
        h("button", { type: "submit" }, t("clock.set_it")),
      ),
    );
  }

  advance(by) {
    return this.change(() => post(this.path("/advance"), by));
  }

  set(state) {
    return this.change(() => put(this.path(), state));
  }

  async change(work) {
    await attempt(async () => this.show(await work()), t("clock.moved"));
    this.moved();
  }
}
