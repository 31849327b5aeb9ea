// Makes, resets and deletes sessions.

import { inSession, post, remove } from "../api.js";
import { h } from "../dom.js";
import { announce } from "../parts/announce.js";
import { confirmed, openDialog } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { t } from "../words.js";

/** `done(session)` is called with the new one. */
export function createSession(done) {
  const name = h("input", { maxlength: "100", autocomplete: "off" });
  const seed = h("input", { type: "number", min: "0", step: "1" });
  const ttl = h("input", { type: "number", min: "1", step: "any" });
  const ports = h("input", { type: "checkbox", id: "dedicated-ports" });
  openDialog(
    t("session.new"),
    [
      field(t("session.name"), name),
      h(
        "div",
        { class: "fields" },
        field(t("session.seed"), seed, t("session.seed_hint")),
        field(t("session.ttl_field"), ttl, t("session.ttl_hint")),
      ),
      h("label", { class: "choice", for: ports.id }, ports, t("session.ports")),
    ],
    {
      action: t("session.create"),
      submit: async () => {
        const wanted = {
          name: name.value.trim(),
          dedicated_ports: ports.checked,
          ...(seed.value === "" ? {} : { seed: Number(seed.value) }),
          ...(ttl.value === "" ? {} : { ttl_seconds: Number(ttl.value) }),
        };
        const made = await post("/sessions", wanted);
        announce(t("session.made", { id: made.id }));
        done(made);
      },
    },
  );
}

export const resetSession = (id, done) =>
  confirmed(t("session.reset_one", { id }), t("session.reset_lead"), t("session.reset"), async () => {
    await post(inSession(id, "/reset"));
    announce(t("session.was_reset", { id }));
    done();
  });

export const deleteSession = (id, done) =>
  confirmed(t("session.delete_one", { id }), t("session.delete_lead"), t("session.delete"), async () => {
    await remove(inSession(id));
    announce(t("session.was_deleted", { id }));
    done();
  });
