// Asks for the token, where the server wants one; nothing else is shown before it is right.

import { hasToken } from "./api.js";
import { h } from "./dom.js";
import { field } from "./parts/field.js";
import { t } from "./words.js";

/** `enter(token)` is called with what was typed. */
export function gate(enter) {
  const input = h("input", { type: "password", autocomplete: "current-password", required: true, autofocus: true });
  const wrong = hasToken() ? h("p", { class: "wrong", role: "alert" }, t("token.wrong")) : null;
  const form = h(
    "form",
    { class: "card", onsubmit: (event) => (event.preventDefault(), enter(input.value.trim())) },
    h("header", {}, h("h1", {}, t("token.title"))),
    h(
      "div",
      { class: "body" },
      h("p", {}, t("token.lead")),
      field(t("token"), input),
      wrong,
      h("button", { type: "submit" }, t("token.enter")),
    ),
  );
  setTimeout(() => input.focus());
  return h("main", { class: "gate" }, form);
}
