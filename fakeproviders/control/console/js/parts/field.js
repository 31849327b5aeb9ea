// Form fields with their labels.

import { h } from "../dom.js";

let serial = 0;

/** A label above a control; `hint` below it is read with it. */
export function field(label, control, hint = "") {
  const id = control.id || `field${(serial += 1)}`;
  control.id = id;
  const note = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return h("div", { class: "field" }, h("label", { for: id }, label), control, note);
}

/** A list to choose from; `options` are `[value, text]`, or `{group, options}`. */
export function select(options, chosen, attributes = {}) {
  const control = h("select", attributes, options.map(option));
  if (chosen !== undefined) control.value = chosen;
  return control;
}

const option = (one) =>
  Array.isArray(one)
    ? h("option", { value: one[0] }, one[1])
    : h("optgroup", { label: one.group }, one.options.map(option));

/** Radio buttons under one heading; `choices` are `[value, ...content]`. */
export function choices(heading, name, options, chosen) {
  return h(
    "fieldset",
    { class: "choices" },
    h("legend", {}, heading),
    options.map(([value, ...content]) =>
      h(
        "label",
        { class: "choice" },
        h("input", { type: "radio", name, value, checked: value === chosen }),
        h("span", {}, content),
      ),
    ),
  );
}

export const button = (text, onclick, attributes = {}) => h("button", { type: "button", ...attributes, onclick }, text);

export const second = (text, onclick, attributes = {}) =>
  button(text, onclick, { class: "second small", ...attributes });
