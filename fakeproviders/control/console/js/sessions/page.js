// Sessions: the worlds that tests live in. Switch, make, reset, delete; and what a client is configured with.

import { get, inSession } from "../api.js";
import { h, redraw, replace } from "../dom.js";
import { moment, number } from "../format.js";
import { badge } from "../parts/badge.js";
import { loading, problem } from "../parts/card.js";
import { button, second } from "../parts/field.js";
import { table } from "../parts/table.js";
import { address, DEFAULT_SESSION, go } from "../place.js";
import { t } from "../words.js";
import { createSession, deleteSession, resetSession } from "./change.js";
import { configuration } from "./configuration.js";

const PAGE = 50;

export function sessions(main, { session }) {
  const state = { all: [], total: 0, cursor: "0" };
  const own = h("div", {}, loading());
  const list = h("div", { class: "body flush" }, loading());
  const more = second(t("more"), () => load(), { hidden: true });
  const again = async () => {
    Object.assign(state, { all: [], cursor: "0" });
    await load();
  };
  const load = async () => {
    try {
      const { sessions: found, total, cursor } = await get(`/sessions?limit=${PAGE}&cursor=${state.cursor}`);
      Object.assign(state, { all: [...state.all, ...found], total, cursor });
      more.hidden = cursor === null;
      redraw(list, sessionTable(state.all, session, again));
    } catch (error) {
      replace(list, problem(error));
    }
  };
  const make = button(t("session.new"), () => createSession((made) => go({ session: made.id, page: "sessions" })));
  replace(
    main,
    h("div", { class: "head" }, h("h1", {}, t("page.sessions")), h("div", { class: "row" }, make)),
    own,
    h(
      "section",
      { class: "card" },
      h("header", {}, h("h2", {}, t("session.all")), h("div", { class: "row" }, switcher())),
      list,
      h("div", { class: "row centred" }, more),
    ),
  );
  get(inSession(session)).then(
    (found) => replace(own, configuration(found)),
    (error) => replace(own, problem(error)),
  );
  load();
  return {};
}

/** For those who know the id: the list may be long. */
function switcher() {
  const id = h("input", {
    "required": true,
    "autocomplete": "off",
    "aria-label": t("session.id"),
    "placeholder": t("session.id"),
  });
  return h(
    "form",
    { class: "row", onsubmit: (event) => (event.preventDefault(), go({ session: id.value.trim() })) },
    id,
    h("button", { type: "submit", class: "second small" }, t("session.switch")),
  );
}

const sessionTable = (all, current, changed) =>
  table(
    t("session.all"),
    ["id", "name", "created", "ttl", "do"].map((key) => t(`session.${key}`)),
    all.map((each) => [
      [
        h(
          "a",
          { "href": address({ session: each.id, page: "sessions" }), "data-focus": `id-${each.id}` },
          h("code", {}, each.id),
        ),
        each.id === current ? [" ", badge(t("session.current"), "plain")] : null,
      ],
      h("span", { class: "break" }, each.name),
      h("time", { class: "number", datetime: each.created_at }, moment(each.created_at)),
      each.ttl_seconds === null ? t("session.for_ever") : t("session.seconds", { seconds: number(each.ttl_seconds) }),
      h(
        "div",
        { class: "row" },
        each.id === current
          ? null
          : h(
              "a",
              {
                "class": "button second small",
                "href": address({ session: each.id, page: "traffic" }),
                "aria-label": t("session.switch_to", { id: each.id }),
              },
              t("session.switch"),
            ),
        second(t("session.reset"), () => resetSession(each.id, changed), {
          "aria-label": t("session.reset_one", { id: each.id }),
          "data-focus": `reset-${each.id}`,
        }),
        each.id === DEFAULT_SESSION
          ? null
          : second(t("session.delete"), () => deleteSession(each.id, () => afterDeletion(each.id, current, changed)), {
              "class": "second small danger",
              "aria-label": t("session.delete_one", { id: each.id }),
            }),
      ),
    ]),
  );

const afterDeletion = (id, current, changed) =>
  id === current ? go({ session: DEFAULT_SESSION, page: "sessions" }) : changed();
