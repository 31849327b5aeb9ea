// Short words on a coloured ground; the colour never says more than the word.

import { h } from "../dom.js";
import { named } from "../words.js";

const TONES = {
  accepted: "good",
  delivered: "good",
  passed: "good",
  refused: "bad",
  undelivered: "bad",
  failed: "bad",
  error: "bad",
  broken_off: "bad",
  fault: "warn",
  submitted: "warn",
  waiting: "warn",
  skipped: "warn",
  page: "",
  running: "plain",
};

export const badge = (text, tone = "") => h("span", { class: `badge ${tone}` }, text);

/** How a request, a message or a scenario ended. */
export const outcomeBadge = (word) => badge(named("outcome", word), TONES[word]);
export const statusBadge = (word) => badge(named("status", word), TONES[word]);
export const provenanceBadge = (letter) => badge(named("provenance", letter));
