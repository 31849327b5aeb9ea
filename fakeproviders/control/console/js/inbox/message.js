// One message: its code, its text, and how far it has come.

import { inSession, post } from "../api.js";
import { h } from "../dom.js";
import { moment } from "../format.js";
import { attempt } from "../parts/announce.js";
import { badge, statusBadge } from "../parts/badge.js";
import { copy } from "../parts/copy.js";
import { second } from "../parts/field.js";
import { named, t } from "../words.js";

export function message(feed, each) {
  return h(
    "li",
    { class: "message" },
    each.code ? codeButton(each) : null,
    h(
      "div",
      { class: "stack grow" },
      h("p", { class: "content", lang: "zh-CN" }, each.content),
      h(
        "p",
        { class: "row small muted" },
        h("time", { class: "number", datetime: each.at }, moment(each.at)),
        h("span", {}, named("provider", each.provider)),
        h("span", {}, t("message.cost", { segments: each.segments, fee: each.fee })),
        each.out_id ? h("span", {}, t("message.out_id"), " ", h("code", {}, each.out_id)) : null,
        each.send_at ? h("span", {}, t("message.send_at", { at: moment(each.send_at) })) : null,
      ),
      h("div", { class: "row" }, status(each), deliver(feed, each)),
    ),
  );
}

const codeButton = ({ id, code }) =>
  h(
    "button",
    {
      "type": "button",
      "class": "code second",
      "data-focus": `code-${id}`,
      "title": t("copy"),
      "aria-label": t("message.copy_code", { code }),
      "onclick": () => copy(code),
    },
    code,
  );

const status = (each) => [
  statusBadge(each.status),
  each.error ? badge(each.error, "bad") : null,
  each.done_at ? h("span", { class: "small muted" }, t("message.done_at", { at: moment(each.done_at) })) : null,
];

/** What the network says next: the opposite of what it has said last, or either. */
const deliver = (feed, each) =>
  ["delivered", "undelivered"]
    .filter((word) => word !== each.status)
    .map((word) =>
      second(t(`message.make_${word}`), () => drive(feed, each, word), { "data-focus": `${word}-${each.id}` }),
    );

function drive(feed, each, word) {
  const wanted = { status: word, ...(word === "undelivered" ? { error: "UNDELIV" } : {}) };
  const path = inSession(feed.session, `/messages/${encodeURIComponent(each.id)}/status`);
  return attempt(
    async () => feed.putMessage(await post(path, wanted)),
    t("message.driven", { status: named("status", word) }),
  );
}
