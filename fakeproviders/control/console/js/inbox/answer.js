// A person answers an SMS.

import { inSession, post } from "../api.js";
import { h } from "../dom.js";
import { announce } from "../parts/announce.js";
import { openDialog } from "../parts/dialog.js";
import { field, select } from "../parts/field.js";
import { PROVIDERS } from "../providers.js";
import { named, t } from "../words.js";

export function answer(session, mobile) {
  const from = h("input", { inputmode: "numeric", required: true, autocomplete: "off", value: mobile });
  const content = h("input", { required: true, autocomplete: "off", value: "T" });
  const to = select(
    PROVIDERS.map((name) => [name, named("provider", name)]),
    "erban",
  );
  openDialog(
    t("reply.title"),
    [
      h("p", { class: "muted" }, t("reply.lead")),
      field(t("line.mobile"), from),
      field(t("reply.to"), to),
      field(t("reply.content"), content),
    ],
    {
      action: t("reply.send"),
      submit: async () => {
        await post(inSession(session, "/replies"), {
          mobile: from.value.trim(),
          content: content.value,
          provider: to.value,
        });
        announce(t("reply.sent"));
      },
    },
  );
}
