// One request whole: why it was answered so, the way it went, what came in and what went out.

import { get, inSession } from "../api.js";
import { catalogue } from "../catalogue.js";
import { h, replace } from "../dom.js";
import { milliseconds, moment } from "../format.js";
import { outcomeBadge } from "../parts/badge.js";
import { facts, loading, problem } from "../parts/card.js";
import { second } from "../parts/field.js";
import { named, t } from "../words.js";
import { actions } from "./actions.js";
import { reply, request } from "./wire.js";
import { path } from "./trace.js";
import { why } from "./why.js";

export class Opened {
  /** `close()` is called when the reader has seen enough. */
  constructor(session, feed, close) {
    Object.assign(this, { session, feed, close, id: null, row: null });
    this.element = h("section", { "class": "card opened", "aria-label": t("request.opened"), "hidden": true });
    this.off = feed.on((kinds) => kinds.has("requests") && this.refresh());
  }

  stop() {
    this.off();
    this.id = null;
  }

  /** Show a request; null shows none. */
  async show(id) {
    this.id = id;
    this.element.hidden = id === null;
    if (id === null) return replace(this.element);
    this.row = this.feed.requests.get(id);
    if (!this.element.childElementCount) replace(this.element, loading());
    const content = await this.content(id).catch((error) => h("div", { class: "body" }, this.closer(), problem(error)));
    if (this.id === id) replace(this.element, content);
  }

  /** Its reply may have been written since. */
  refresh() {
    const now = this.id !== null && this.feed.requests.get(this.id);
    if (now && now !== this.row) this.show(this.id);
  }

  async content(id) {
    const [whole, failures] = await Promise.all([
      get(inSession(this.session, `/requests/${encodeURIComponent(id)}`)),
      catalogue(),
    ]);
    return [this.head(whole), h("div", { class: "body" }, ...this.body(whole, failures))];
  }

  head(whole) {
    return h(
      "header",
      {},
      h("h2", {}, t("request.title", { id: whole.id })),
      outcomeBadge(whole.outcome),
      whole.decided && whole.decided !== whole.outcome ? outcomeBadge(whole.decided) : null,
      h("div", { class: "row" }, this.closer()),
    );
  }

  closer() {
    return second(t("close"), this.close, { "aria-keyshortcuts": "Escape" });
  }

  body(whole, failures) {
    return [
      why(whole, failures),
      h("div", { class: "row" }, actions(this.session, whole, failures)),
      section("request.path", path(whole.trace, whole)),
      section("request.facts", about(whole)),
      section(whole.direction === "out" ? "request.sent" : "request.in", request(whole)),
      section(whole.direction === "out" ? "request.answered" : "request.out", reply(whole)),
    ];
  }
}

const section = (key, content) => h("section", { class: "part" }, h("h3", {}, t(key)), content);

const about = (whole) =>
  facts([
    [t("line.time"), h("time", { class: "number" }, moment(whole.at))],
    [t("request.real_time"), whole.real_at.slice(0, 19) === whole.at.slice(0, 19) ? null : moment(whole.real_at)],
    [t("line.where"), `${named("provider", whole.provider)} · ${whole.door}`],
    [t("line.operation"), named("operation", whole.operation)],
    [t("request.account"), whole.account && h("code", {}, whole.account)],
    [t("line.mobile"), whole.mobile && h("code", {}, whole.mobile)],
    [t("request.reason"), whole.reason && h("code", {}, whole.reason)],
    [t("request.fault"), whole.fault && faultWords(whole.fault)],
    [t("request.url"), whole.posting && h("code", {}, whole.posting.url)],
    [t("request.next_at"), whole.posting?.next_at && moment(whole.posting.next_at)],
    [t("request.ip"), whole.request.ip && h("code", {}, whole.request.ip)],
    [t("line.took"), milliseconds(whole.took_ms)],
  ]);

function faultWords(fault) {
  const words = t("fault.drawn", { id: fault.id, what: fault.do, nth: fault.nth });
  return fault.chance === undefined ? words : `${words} (${t("fault.chance", { chance: fault.chance.toFixed(4) })})`;
}
