// Tabs: arrow keys move between them, as people who use the keyboard expect.

import { h, replace } from "../dom.js";

let serial = 0;

/** `tabs` are `[name, content()]`; content is made when its tab is chosen. */
export function tabs(label, all, chosen = 0) {
  const own = `tabs${(serial += 1)}`;
  const panel = h("div", { role: "tabpanel", id: `${own}-panel`, tabindex: "0" });
  const buttons = all.map(([name], number) =>
    h(
      "button",
      {
        "type": "button",
        "role": "tab",
        "id": `${own}-${number}`,
        "aria-controls": panel.id,
        "onclick": () => choose(number),
      },
      name,
    ),
  );
  const choose = (number) => {
    buttons.forEach((button, each) => {
      button.setAttribute("aria-selected", String(each === number));
      button.tabIndex = each === number ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", buttons[number].id);
    replace(panel, all[number][1]());
  };
  const list = h(
    "div",
    {
      "role": "tablist",
      "aria-label": label,
      "class": "tabs",
      "onkeydown": (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const now = buttons.findIndex((button) => button.tabIndex === 0);
        const next = (now + step + buttons.length) % buttons.length;
        choose(next);
        buttons[next].focus();
      },
    },
    buttons,
  );
  choose(chosen);
  return h("div", { class: "tabbed" }, list, panel);
}
