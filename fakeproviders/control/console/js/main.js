// Starts the console: the frame, the page that the address names, and the session's feed.

import { get, inSession, onRefused, setToken } from "./api.js";
import { h, replace } from "./dom.js";
import { Feed } from "./feed.js";
import { frame, showPage, showState } from "./frame.js";
import { gate } from "./gate.js";
import { PAGES } from "./pages.js";
import { problem } from "./parts/card.js";
import { place } from "./place.js";
import { t } from "./words.js";

const main = h("main", { id: "main", tabindex: "-1" });
let feed = null;
let shown = null; // {session, page, dispose, to}
let locked = false;

function show() {
  if (locked) return;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  const { session, page, item } = place();
  const name = page in PAGES ? page : "traffic";
  if (feed?.session !== session) changeSession(session);
  showPage(session, name);
  document.title = `${t(`page.${name}`)} · fakeproviders`;
  if (shown?.session === session && shown.page === name && shown.to) return shown.to(item);
  leave();
  replace(main);
  const made = PAGES[name](main, { session, feed, item });
  shown = { session, page: name, ...made };
}

function leave() {
  shown?.dispose?.();
  shown = null;
}

function changeSession(session) {
  feed?.stop();
  feed = new Feed(session).start();
  feed.on((kinds) => kinds.has("state") && stateChanged());
}

async function stateChanged() {
  showState(feed.state);
  if (feed.state !== "over" || locked) return;
  const ended = feed;
  const gone = await get(inSession(ended.session)).then(
    () => null,
    (error) => error,
  );
  if (gone && feed === ended) {
    leave();
    replace(main, problem(gone), h("p", {}, h("a", { href: "#/default/sessions" }, t("session.choose"))));
  }
}

function begin() {
  locked = false;
  leave();
  replace(document.body, frame(main, begin));
  if (feed) showState(feed.state);
  show();
}

onRefused(() => {
  if (locked) return;
  locked = true;
  leave();
  feed?.stop();
  feed = null;
  replace(
    document.body,
    gate((token) => (setToken(token), begin())),
  );
});

window.addEventListener("hashchange", show);
begin();
