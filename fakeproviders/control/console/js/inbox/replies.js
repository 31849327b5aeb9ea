// What a person has answered, beside the messages to him.

import { h } from "../dom.js";
import { moment } from "../format.js";
import { badge } from "../parts/badge.js";
import { named, t } from "../words.js";

export const replyView = (reply) =>
  h(
    "li",
    { class: "message from-person" },
    h(
      "div",
      { class: "stack grow" },
      h("p", { class: "content", lang: "zh-CN" }, reply.content),
      h(
        "p",
        { class: "row small muted" },
        badge(t("reply.badge"), "plain"),
        h("time", { class: "number", datetime: reply.at }, moment(reply.at)),
        h("span", {}, named("provider", reply.provider)),
        h("span", {}, named("replied", reply.status)),
      ),
    ),
  );
