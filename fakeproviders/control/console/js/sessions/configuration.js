// What a client of this session is configured with: credentials, and the same as ready-made settings.

import { h } from "../dom.js";
import { card } from "../parts/card.js";
import { codeBox, copy } from "../parts/copy.js";
import { tabs } from "../parts/tabs.js";
import { CONFIGURED } from "../providers.js";
import { named, t } from "../words.js";
import { env, node, php, python } from "./settings.js";

const FORMS = {
  env: ["sms.env", env],
  PHP: ["sms.php", php],
  Python: ["sms_settings.py", python],
  Node: ["sms.config.mjs", node],
};

export const configuration = (session) =>
  h(
    "div",
    { class: "grid" },
    card(
      t("session.credentials", { id: session.id }),
      CONFIGURED.map((provider) => account(provider, session[provider])),
    ),
    card(
      t("session.settings"),
      tabs(
        t("session.settings"),
        Object.entries(FORMS).map(([name, [file, write]]) => [
          name === "env" ? t("session.env") : name,
          () =>
            h(
              "div",
              { class: "stack" },
              h("p", { class: "small muted" }, h("code", {}, file)),
              codeBox(file, write(session)),
            ),
        ]),
      ),
    ),
  );

const account = (provider, fields) =>
  h(
    "section",
    { class: "credentials" },
    h("h3", {}, named("provider", provider)),
    h(
      "dl",
      {},
      Object.entries(fields).map(([name, value]) =>
        h(
          "div",
          {},
          h("dt", {}, h("code", {}, name)),
          h(
            "dd",
            {},
            h(
              "button",
              {
                "type": "button",
                "class": "value",
                "title": t("copy"),
                "aria-label": t("copy.of", { what: `${provider} ${name}: ${value}` }),
                "onclick": () => copy(String(value)),
              },
              h("code", {}, String(value)),
            ),
          ),
        ),
      ),
    ),
  );
