// Load: the ledger of the session's newest run, while it goes on and after.

import { get, inSession, post } from "../api.js";
import { h, redraw, replace } from "../dom.js";
import { moment, number } from "../format.js";
import { attempt } from "../parts/announce.js";
import { badge } from "../parts/badge.js";
import { card, empty, loading, problem } from "../parts/card.js";
import { openDialog } from "../parts/dialog.js";
import { button, field } from "../parts/field.js";
import { t } from "../words.js";
import { chart } from "./chart.js";
import { clients, doors, limits } from "./tables.js";

const LOOK_MS = 1000;

export function load(main, { session }) {
  const body = h("div", { class: "stack" }, loading());
  const tools = h("div", { class: "row" });
  const state = { timer: null, left: false };
  const look = async () => {
    clearTimeout(state.timer);
    const ledger = await read(session, body);
    if (ledger !== undefined) redraw(tools, controls(session, ledger, look));
    if (ledger) redraw(body, report(ledger));
    if (ledger?.running && !state.left) state.timer = setTimeout(look, LOOK_MS);
  };
  replace(
    main,
    h("div", { class: "head" }, h("h1", {}, t("page.load")), tools),
    h("p", { class: "lead" }, t("load.lead")),
    body,
  );
  look();
  return { dispose: () => ((state.left = true), clearTimeout(state.timer)) };
}

/** The ledger; null where there is none, undefined where it could not be read. */
async function read(session, body) {
  try {
    const { ledger } = await get(inSession(session));
    if (ledger !== null) return await get(inSession(session, "/ledger"));
    replace(body, empty(t("load.none")));
    return null;
  } catch (error) {
    replace(body, problem(error));
    return undefined;
  }
}

const controls = (session, ledger, look) =>
  ledger?.running
    ? button(t("load.end"), () => attempt(() => post(inSession(session, "/ledger/end")), t("load.ended")).then(look), {
        "data-focus": "run",
      })
    : button(t("load.begin"), () => begin(session, look), { "data-focus": "run" });

function begin(session, look) {
  const name = h("input", { maxlength: "100", autocomplete: "off" });
  openDialog(t("load.begin"), [h("p", { class: "muted" }, t("load.begin_lead")), field(t("load.name"), name)], {
    action: t("load.begin"),
    submit: async () => {
      await post(inSession(session, "/ledger"), { name: name.value.trim() });
      look();
    },
  });
}

function report(ledger) {
  const slots = ledger.series.slots;
  const refused = slots.reduce(
    (sum, slot) => sum + Object.values(slot.refused).reduce((one, other) => one + other, 0),
    0,
  );
  return [
    h(
      "div",
      { class: "row" },
      h("h2", {}, ledger.name || t("load.unnamed")),
      badge(t(ledger.running ? "load.running" : "load.over"), ledger.running ? "plain" : ""),
      h(
        "span",
        { class: "muted small" },
        t("load.since", { at: moment(ledger.started_at), seconds: number(Math.round(ledger.seconds)) }),
      ),
    ),
    h(
      "div",
      { class: "tiles" },
      tile("attempts", total(slots, "attempts")),
      tile("accepted", total(slots, "accepted"), "good"),
      tile("refused", refused, "bad"),
      tile("unanswered", total(slots, "unanswered"), "warn"),
    ),
    card(t("load.over_time"), slots.length ? chart(ledger.series, ledger.seconds) : empty(t("load.nothing"))),
    card(t("load.limits"), limits(ledger.limits, ledger.reasons)),
    card(t("load.doors"), doors(ledger.doors)),
    card(t("load.clients"), clients(ledger.clients)),
  ];
}

const total = (slots, name) => slots.reduce((sum, slot) => sum + slot[name], 0);

const tile = (name, value, tone = "") =>
  h(
    "div",
    { class: `tile ${tone}` },
    h("span", { class: "number" }, number(value)),
    h("span", { class: "muted small" }, t(`load.${name}`)),
  );
