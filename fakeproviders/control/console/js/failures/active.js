// The fault rules in force: what each has met and done, and a click to be rid of it.

import { get, inSession, remove } from "../api.js";
import { h, redraw, replace } from "../dom.js";
import { number } from "../format.js";
import { attempt } from "../parts/announce.js";
import { badge } from "../parts/badge.js";
import { empty, problem } from "../parts/card.js";
import { second } from "../parts/field.js";
import { table } from "../parts/table.js";
import { t } from "../words.js";
import { whatOf, whenOf, whoOf } from "./rule.js";

export class ActiveFaults {
  constructor(session) {
    this.session = session;
    this.body = h("div", { class: "body flush" });
    this.off = second(t("fault.all_off"), () => this.remove(""), { disabled: true });
    this.element = h(
      "section",
      { class: "card" },
      h("header", {}, h("h2", {}, t("fault.active")), h("div", { class: "row" }, this.off)),
      this.body,
    );
  }

  async refresh() {
    try {
      const { faults } = await get(inSession(this.session, "/faults"));
      this.off.disabled = !faults.length;
      redraw(this.body, faults.length ? this.rules(faults) : empty(t("fault.none")));
    } catch (error) {
      replace(this.body, problem(error));
    }
  }

  rules(faults) {
    const columns = [
      "fault.rule",
      "fault.who",
      "fault.does",
      "fault.when_column",
      "fault.matched",
      "fault.fired",
      "fault.state",
      "fault.off_column",
    ];
    return table(
      t("fault.active"),
      columns.map((key) => t(key)),
      faults.map((rule) => [
        h("code", {}, rule.id),
        h("span", { class: "break" }, whoOf(rule)),
        h("code", { class: "break" }, whatOf(rule)),
        whenOf(rule),
        h("span", { class: "number" }, number(rule.matched)),
        h("span", { class: "number" }, number(rule.fired)),
        rule.exhausted ? badge(t("fault.exhausted")) : badge(t("fault.in_force"), "warn"),
        second(t("fault.off"), () => this.remove(`/${rule.id}`), {
          "aria-label": t("fault.off_one", { id: rule.id }),
          "data-focus": rule.id,
        }),
      ]),
    );
  }

  async remove(which) {
    await attempt(() => remove(inSession(this.session, `/faults${which}`)), t("fault.removed"));
    await this.refresh();
  }
}
