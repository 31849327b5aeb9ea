// Changes an account's limits and balance.

import { inSession, patch } from "../api.js";
import { h } from "../dom.js";
import { announce } from "../parts/announce.js";
import { openDialog } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { named, t } from "../words.js";

/** `done()` is called when they are in force. */
export function changeLimits(session, provider, settings, done) {
  const fields = Object.entries(settings.quotas).map(([bucket, limit]) => [bucket, numberField(limit ?? "")]);
  const balance = numberField(settings.balance);
  openDialog(
    t("quota.change_of", { provider: named("provider", provider) }),
    [
      h("p", { class: "muted" }, t("quota.change_lead")),
      h(
        "div",
        { class: "fields" },
        fields.map(([bucket, input]) => field(named("bucket", bucket), input)),
        field(t("quota.balance"), balance),
      ),
    ],
    {
      action: t("save"),
      submit: async () => {
        const quotas = Object.fromEntries(fields.map(([bucket, input]) => [bucket, valueOf(input)]));
        const whole = { quotas, ...(balance.value === "" ? {} : { balance: Number(balance.value) }) };
        await patch(inSession(session, `/providers/${provider}`), whole);
        announce(t("quota.changed"));
        done();
      },
    },
  );
}

const numberField = (value) => h("input", { type: "number", min: "0", step: "1", inputmode: "numeric", value });
const valueOf = (input) => (input.value === "" ? null : Number(input.value));
