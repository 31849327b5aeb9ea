// What can be made of a request: a curl command, a fault for the next like it, a step of a scenario.

import { get, inSession } from "../api.js";
import { attempt } from "../parts/announce.js";
import { codeBox, copy } from "../parts/copy.js";
import { openDialog } from "../parts/dialog.js";
import { second } from "../parts/field.js";
import { scriptFault } from "../failures/dialog.js";
import { h } from "../dom.js";
import { t } from "../words.js";
import { curl } from "./curl.js";
import { step } from "./step.js";

export function actions(session, whole, failures) {
  const came = whole.direction !== "out";
  return [
    came ? second(t("request.curl"), () => attempt(() => copyCurl(session, whole))) : null,
    second(t("request.make_fault"), () => scriptFault(session, failures, likeThis(whole))),
    second(t("request.make_step"), () => showStep(whole)),
  ];
}

async function copyCurl(session, whole) {
  const known = await get(inSession(session));
  await copy(curl(whole, baseUrl(known, whole)));
}

/** What the upstream account serves is the official API's address. */
const baseUrl = (session, whole) => session[whole.provider === "upstream" ? "official" : whole.provider].url;

/** A rule that meets requests like this one. */
const likeThis = (whole) => ({
  slug: whole.reason ?? undefined,
  provider: whole.provider,
  operation: whole.operation,
  mobile: whole.mobile.split(",")[0],
});

const showStep = (whole) => {
  const text = step(whole);
  openDialog(t("step.title"), [h("p", {}, t("step.lead")), codeBox(t("step.title"), text)], {
    action: t("copy"),
    submit: () => copy(text),
    wide: true,
  });
};
