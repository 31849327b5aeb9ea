// The inbox: by mobile, newest first; a code is large and copied with a click.

import { get, inSession } from "../api.js";
import { h, redraw, replace } from "../dom.js";
import { number } from "../format.js";
import { empty } from "../parts/card.js";
import { button, select } from "../parts/field.js";
import { PROVIDERS } from "../providers.js";
import { named, t } from "../words.js";
import { message } from "./message.js";
import { answer } from "./answer.js";
import { replyView } from "./replies.js";

const LOOK_AGAIN_MS = 2000;
const SHOWN = 100;
const NEWEST = 3; // of a mobile, seen without a click
const kept = { provider: "", opened: new Set() }; // while the console is open

export function inbox(main, { session, feed, item }) {
  const state = { mobile: item ?? "", replies: [], shown: SHOWN };
  const count = h("p", { class: "muted small" });
  const body = h("div", { class: "stack" });
  const search = h("input", {
    "type": "search",
    "inputmode": "numeric",
    "placeholder": t("inbox.search"),
    "aria-label": t("inbox.search"),
    "value": state.mobile,
  });
  const draw = () => {
    const found = messagesOf(feed, state);
    replace(count, t("inbox.count", { number: number(found.length) }));
    redraw(
      body,
      found.length || state.replies.length ? conversations(feed, found, state, draw) : empty(t("inbox.none")),
    );
  };
  search.addEventListener("input", () => ((state.mobile = search.value.trim()), (state.shown = SHOWN), draw()));
  const providers = [["", t("filter.any_provider")], ...PROVIDERS.map((name) => [name, named("provider", name)])];
  replace(
    main,
    h(
      "div",
      { class: "head" },
      h("h1", {}, t("page.inbox")),
      count,
      h(
        "div",
        { class: "row" },
        button(t("reply.new"), () => answer(session, state.mobile)),
      ),
    ),
    h(
      "form",
      { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() },
      search,
      select(providers, kept.provider, {
        "aria-label": t("filter.provider"),
        "onchange": (event) => ((kept.provider = event.target.value), draw()),
      }),
    ),
    body,
  );
  const refreshReplies = async () => {
    state.replies = (await get(inSession(session, "/replies?limit=1000"))).replies;
    draw();
  };
  draw();
  refreshReplies().catch(() => {});
  const off = feed.on((kinds) => {
    if (kinds.has("reply")) refreshReplies().catch(() => {});
    if (kinds.has("clock")) feed.refreshMessages(SHOWN).catch(() => {});
    if (kinds.has("messages")) draw();
  });
  const timer = setInterval(() => isWaiting(feed) && feed.refreshMessages(SHOWN).catch(() => {}), LOOK_AGAIN_MS);
  return { dispose: () => (off(), clearInterval(timer)) };
}

/** Whether a message that was seen lately may go out or be delivered soon. */
const isWaiting = (feed) =>
  feed.messages.list.slice(-SHOWN).some((each) => each.status === "submitted" || each.status === "scheduled");

function messagesOf(feed, { mobile }) {
  return feed.messages.list
    .filter((each) => (!kept.provider || each.provider === kept.provider) && each.mobile.includes(mobile))
    .reverse();
}

/** A card for each mobile, in the order of its newest message. */
function conversations(feed, found, state, draw) {
  const byMobile = new Map();
  for (const each of found.slice(0, state.shown)) {
    if (!byMobile.has(each.mobile)) byMobile.set(each.mobile, []);
    byMobile.get(each.mobile).push({ at: each.at, view: () => message(feed, each) });
  }
  for (const reply of state.replies) {
    if (!reply.mobile.includes(state.mobile) || (kept.provider && reply.provider !== kept.provider)) continue;
    if (!byMobile.has(reply.mobile)) byMobile.set(reply.mobile, []);
    byMobile.get(reply.mobile).push({ at: reply.at, view: () => replyView(reply) });
  }
  const cards = [...byMobile].map(([mobile, all]) => conversation(feed.session, mobile, all));
  const more =
    found.length > state.shown ? button(t("more"), () => ((state.shown += SHOWN), draw()), { class: "second" }) : null;
  return [h("div", { class: "conversations" }, cards), more];
}

function conversation(session, mobile, all) {
  const views = all.sort((one, other) => (one.at < other.at ? 1 : -1)).map(({ view }) => view());
  const earlier = views.splice(NEWEST);
  return h(
    "section",
    { "class": "card conversation", "aria-label": mobile },
    h(
      "header",
      {},
      h("h2", { class: "number" }, mobile),
      h("span", { class: "muted small" }, t("inbox.count", { number: all.length })),
      h(
        "div",
        { class: "row" },
        button(t("reply.as"), () => answer(session, mobile), {
          "class": "second small",
          "data-focus": `as-${mobile}`,
          "aria-label": t("reply.as_one", { mobile }),
        }),
      ),
    ),
    h("ul", { class: "messages" }, views),
    earlier.length
      ? h(
          "details",
          { class: "earlier", open: kept.opened.has(mobile), ontoggle: (event) => remember(mobile, event.target.open) },
          h("summary", {}, t("inbox.earlier", { number: earlier.length })),
          h("ul", { class: "messages" }, earlier),
        )
      : null,
  );
}

/** A list that was opened stays so when news come. */
const remember = (mobile, isOpen) => (isOpen ? kept.opened.add(mobile) : kept.opened.delete(mobile));
