// A dialog with a form; what goes wrong stands in it, beside what was typed.

import { h, hold, replace } from "../dom.js";
import { t } from "../words.js";

let serial = 0;

/**
 * Show it. `submit(form)` is awaited when it is sent; where it throws, the dialog stays.
 * Returns the dialog's element.
 */
export function openDialog(title, content, { action, submit, wide = false }) {
  const id = `dialog${(serial += 1)}`;
  const wrong = h("div", { class: "wrong", role: "alert" });
  const send = h("button", { type: "submit" }, action);
  const form = h(
    "form",
    { onsubmit: (event) => (event.preventDefault(), sent(dialog, form, send, wrong, submit)) },
    h("header", {}, h("h2", { id }, title)),
    h("div", { class: "body" }, content, wrong),
    h(
      "footer",
      { class: "row" },
      send,
      h("button", { type: "button", class: "second", onclick: () => dialog.close() }, t("cancel")),
    ),
  );
  const opener = hold(document.activeElement);
  const closed = () => {
    dialog.remove();
    const place = opener(); // the browser knows nothing of what was drawn anew, and leaves the focus nowhere
    if (document.activeElement === document.body) place.focus();
  };
  const dialog = h("dialog", { "class": wide ? "wide" : "", "aria-labelledby": id, "onclose": closed }, form);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Ask before something that cannot be undone. */
export const confirmed = (title, text, action, submit) => openDialog(title, h("p", {}, text), { action, submit });

async function sent(dialog, form, button, wrong, submit) {
  button.disabled = true;
  replace(wrong);
  try {
    await submit(form);
    dialog.close();
  } catch (error) {
    replace(wrong, h("p", {}, error.message));
  } finally {
    button.disabled = false;
  }
}
