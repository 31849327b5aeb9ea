// What stands around every page: the bar with session, language and theme, and the pages' tabs.

import { hasToken, setToken } from "./api.js";
import { h, replace } from "./dom.js";
import { keep, kept } from "./kept.js";
import { PAGES } from "./pages.js";
import { regions } from "./parts/announce.js";
import { address } from "./place.js";
import { lang, setLang, t } from "./words.js";

const THEMES = { "": "light", "light": "dark", "dark": "" };
const parts = {};

/** The whole body around `main`. `again` builds it anew, in another language. */
export function frame(main, again) {
  parts.live = h("span", { class: "live", role: "status" });
  parts.session = h("a", { class: "session", href: "#" });
  parts.tabs = h("ul", {});
  return [
    h("a", { class: "skip", href: "#main", onclick: (event) => (event.preventDefault(), main.focus()) }, t("skip")),
    h(
      "header",
      { class: "bar" },
      h("a", { class: "brand", href: "#/" }, h("img", { src: "icon.svg", alt: "" }), "fakeproviders"),
      parts.session,
      parts.live,
      h("div", { class: "tools" }, tools(again)),
    ),
    h("nav", { "class": "pages", "aria-label": t("pages") }, parts.tabs),
    main,
    regions(),
  ];
}

/** Say whose page is open. */
export function showPage(session, page) {
  parts.session.href = address({ session, page: "sessions" });
  replace(parts.session, t("session"), " ", h("code", {}, session));
  replace(
    parts.tabs,
    Object.keys(PAGES).map((name) => tab(session, name, name === page)),
  );
  parts.tabs.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Say whether news come in: `live`, `lost` or `over`. */
export function showState(state) {
  parts.live.className = `live live-${state === "live" ? "now" : state}`;
  replace(parts.live, t(`live.${state}`));
}

const tab = (session, page, isHere) =>
  h(
    "li",
    {},
    h("a", { "href": address({ session, page }), "aria-current": isHere ? "page" : null }, t(`page.${page}`)),
  );

function tools(again) {
  const other = lang() === "zh" ? "en" : "zh";
  return [
    h("a", { href: "/docs", target: "_blank", rel: "noopener" }, t("api.docs")),
    h("button", { type: "button", onclick: (event) => changeTheme(event.currentTarget) }, themeName()),
    h("button", { type: "button", lang: other, onclick: () => (setLang(other), again()) }, t("language.other")),
    hasToken()
      ? h("button", { type: "button", onclick: () => (setToken(null), location.reload()) }, t("token.forget"))
      : null,
  ];
}

const themeName = () => t(`theme.${kept("theme") || "system"}`);

function changeTheme(button) {
  const next = THEMES[kept("theme") ?? ""];
  keep("theme", next || null);
  if (next) document.documentElement.dataset.theme = next;
  else delete document.documentElement.dataset.theme;
  replace(button, themeName());
}
