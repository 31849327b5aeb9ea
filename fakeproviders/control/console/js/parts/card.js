// The boxes that pages are made of.

import { h } from "../dom.js";
import { t } from "../words.js";

/** A box with a heading, and what can be done beside it. */
export const card = (heading, content, actions = null, attributes = {}) =>
  h(
    "section",
    { class: "card", ...attributes },
    h("header", {}, h("h2", {}, heading), actions && h("div", { class: "row" }, actions)),
    h("div", { class: "body" }, content),
  );

/** Names and values; rows whose value is null are left out. */
export const facts = (rows) =>
  h(
    "dl",
    { class: "facts" },
    rows
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );

export const empty = (...text) => h("div", { class: "empty" }, text);
export const loading = () => h("p", { class: "empty" }, t("loading"));

/** What went wrong, where a page or a part of it should stand. */
export const problem = (error) =>
  h("div", { class: "told bad", role: "alert" }, h("p", { class: "text" }, error.message));
