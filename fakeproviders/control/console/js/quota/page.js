// Quota and clock: how much of each limit is used and when it is free again; and the clock that decides it.

import { h, replace } from "../dom.js";
import { t } from "../words.js";
import { ClockCard } from "./clock.js";
import { Gauges } from "./gauges.js";

export function quota(main, { session, feed }) {
  const gauges = new Gauges(session);
  const clock = new ClockCard(session, () => gauges.refresh());
  replace(main, h("div", { class: "head" }, h("h1", {}, t("page.quota"))), clock.element, gauges.element);
  clock.refresh();
  gauges.refresh();
  const off = feed.on((kinds) => {
    if (kinds.has("clock")) clock.refresh();
    if (kinds.has("clock") || kinds.has("requests")) gauges.refresh();
  });
  return { dispose: () => (off(), clock.stop()) };
}
