// Copies text to the clipboard, and says so.

import { h } from "../dom.js";
import { t } from "../words.js";
import { attempt } from "./announce.js";

/** A button. `text` is made when it is pressed. */
function copyButton(label, text, attributes = {}) {
  return h("button", { type: "button", class: "second small", ...attributes, onclick: () => copy(text()) }, label);
}

export const copy = (text) => attempt(() => write(text), t("copied"));

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = h("textarea", { class: "unseen", readonly: true }); // no clipboard without https, off loopback
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error(t("copy.failed"));
}

/** Text to be copied, in a box. `label` says what it is. */
export function codeBox(label, text) {
  return h(
    "div",
    { class: "codebox" },
    h("pre", { "tabindex": "0", "role": "region", "aria-label": label }, h("code", {}, text)),
    copyButton(t("copy"), () => text, { "aria-label": t("copy.of", { what: label }) }),
  );
}
