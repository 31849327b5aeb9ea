// Asks how a failure shall be caused, and scripts it.

import { inSession, post } from "../api.js";
import { h, replace } from "../dom.js";
import { announce } from "../parts/announce.js";
import { openDialog } from "../parts/dialog.js";
import { choices, field, select } from "../parts/field.js";
import { PROVIDERS } from "../providers.js";
import { named, pick, t } from "../words.js";
import { ruleOf, SETTINGS } from "./rule.js";

const KINDS = ["documented", "gateway", "transport"];
const OPERATIONS = ["", "send", "batch", "token", "report", "balance", "signatures", "templates", "replies", "receipt"];

/** `start` is `{slug, provider, operation, mobile}` as far as known. */
export function scriptFault(session, failures, start = {}) {
  const fields = makeFields(failures, start);
  const preview = h("code", {});
  const content = [
    h(
      "div",
      { class: "fields" },
      field(t("fault.what"), fields.slug),
      field(t("filter.provider"), fields.provider),
      field(t("filter.operation"), fields.operation),
      field(t("line.mobile"), fields.mobile, t("fault.mobile_hint")),
    ),
    fields.when,
    fields.settingsField,
    h("details", {}, h("summary", {}, t("fault.as_json")), h("pre", {}, preview)),
  ];
  const dialog = openDialog(t("fault.title"), content, {
    action: t("fault.script"),
    wide: true,
    submit: () => addRule(session, ruleOf(chosen(fields, dialog))),
  });
  const changed = () => {
    showSettings(fields);
    replace(preview, draft(fields, dialog));
  };
  fields.slug.addEventListener("change", () => (suggest(fields), changed()));
  dialog.addEventListener("input", changed);
  suggest(fields);
  changed();
}

/** Put a rule in force, and say so. */
export async function addRule(session, rule) {
  const added = await post(inSession(session, "/faults"), rule);
  announce(t("fault.added", { id: added.id }));
}

function makeFields(failures, { slug, provider, operation, mobile }) {
  const groups = KINDS.map((kind) => ({
    group: t(`kind.${kind}`),
    options: [...failures.values()]
      .filter((entry) => entry.kind === kind)
      .map((entry) => [entry.slug, `${pick(entry.title)} (${entry.slug})`]),
  }));
  const known = OPERATIONS.includes(operation ?? "") ? OPERATIONS : [...OPERATIONS, operation];
  const settings = h("textarea", { rows: "2", spellcheck: "false" });
  return {
    slug: select(groups, slug ?? "signature_mismatch"),
    provider: select(
      [...PROVIDERS, "*"].map((name) => [name, named("provider", name)]),
      provider ?? "official",
    ),
    operation: select(
      known.map((name) => [name, name ? named("operation", name) : t("filter.any_operation")]),
      operation ?? "send",
    ),
    mobile: h("input", { inputmode: "numeric", autocomplete: "off", value: mobile ?? "" }),
    when: whenChoices(),
    settings,
    settingsField: field(t("fault.settings"), settings, t("fault.settings_hint")),
  };
}

function whenChoices() {
  const onfocus = (event) => {
    event.target.closest("label").querySelector("[type=radio]").checked = true; // who types a number means it
  };
  const times = h("input", {
    "type": "number",
    "name": "times",
    "min": "1",
    "value": "3",
    onfocus,
    "aria-label": t("fault.times_label"),
  });
  const percent = h("input", {
    "type": "number",
    "name": "percent",
    "min": "0",
    "max": "100",
    "step": "any",
    "value": "30",
    onfocus,
    "aria-label": t("fault.percent_label"),
  });
  return choices(
    t("fault.when"),
    "when",
    [
      ["once", t("fault.once")],
      ["times", t("fault.times"), times, t("fault.times_unit")],
      ["chance", t("fault.chance_of"), percent, "%"],
      ["always", t("fault.always")],
    ],
    "once",
  );
}

function chosen(fields, dialog) {
  const form = dialog.querySelector("form").elements;
  return {
    slug: fields.slug.value,
    provider: fields.provider.value,
    operation: fields.operation.value,
    mobile: fields.mobile.value.trim(),
    when: form.when.value,
    times: Number(form.times.value),
    percent: Number(form.percent.value),
    settings: fields.slug.value in SETTINGS ? fields.settings.value.trim() : "",
  };
}

const suggest = ({ slug, settings }) => {
  settings.value = slug.value in SETTINGS ? JSON.stringify(SETTINGS[slug.value]) : "";
};

const showSettings = ({ slug, settingsField }) => {
  settingsField.hidden = !(slug.value in SETTINGS);
};

function draft(fields, dialog) {
  try {
    return JSON.stringify(ruleOf(chosen(fields, dialog)), null, 2);
  } catch (error) {
    return error.message;
  }
}
