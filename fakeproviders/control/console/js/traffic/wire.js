// What came in and what went out: decoded, and raw.

import { h } from "../dom.js";
import { facts } from "../parts/card.js";
import { codeBox } from "../parts/copy.js";
import { tabs } from "../parts/tabs.js";
import { t } from "../words.js";
import { decoded, pairs, textOf } from "./decode.js";

export function request(whole) {
  const raw = whole.request;
  const target = raw.session_prefix ? `/@${raw.session_prefix}${raw.path}` : raw.path;
  return shown("request", `${raw.method} ${target} HTTP/1.1`, raw, pairs(raw.path.split("?")[1] ?? ""));
}

export function reply(whole) {
  const raw = whole.reply;
  if (raw === null) return h("p", { class: "muted" }, t(whole.took_ms === null ? "reply.not_yet" : "reply.none"));
  return shown("reply", `HTTP/1.1 ${raw.status}`, raw, []);
}

function shown(what, firstLine, raw, query) {
  const content = decoded(raw);
  return tabs(t(`wire.${what}`), [
    [t("wire.decoded"), () => decodedView(content, query)],
    [t("wire.raw"), () => rawView(what, firstLine, raw)],
  ]);
}

function decodedView({ kind, fields, text }, query) {
  return h(
    "div",
    { class: "stack" },
    h("p", { class: "small muted" }, t(`body.${kind}`)),
    query.length ? [h("p", { class: "small" }, t("wire.query")), fieldList(query)] : null,
    fields.length ? fieldList(fields) : null,
    !fields.length && text ? codeBox(t("wire.body"), text) : null,
  );
}

const fieldList = (fields) =>
  facts(
    fields.map(([name, value]) => [h("code", {}, name), h("code", { class: "value" }, value === "" ? "∅" : value)]),
  );

function rawView(what, firstLine, raw) {
  const head = [firstLine, ...raw.headers.map(([name, value]) => `${name}: ${value}`)].join("\n");
  const note = raw.body_base64
    ? h("p", { class: "small muted" }, t("wire.not_utf8", { charset: textOf(raw).charset }))
    : null;
  return h("div", { class: "stack" }, note, codeBox(t(`wire.${what}`), `${head}\n\n${raw.body}`));
}
