// Sends over time: accepted, refused by reason, unanswered, on top of each other.

import { h, svg } from "../dom.js";
import { number } from "../format.js";
import { table } from "../parts/table.js";
import { t } from "../words.js";

const HEIGHT = 220;
const LEFT = 60;
const BELOW = 24;
const NARROW = 640; // pixels of a window below which a figure has half as many of its own
const REASONS = 6; // colours that can be told apart; what is rarer is one more part

/** A figure of a ledger's series, as long as the run has gone on. */
export function chart({ step, slots }, seconds) {
  const parts = partsOf(slots);
  const most = Math.max(...slots.map((slot) => slot.attempts), 1);
  const last = Math.max(slots.at(-1).at + step, seconds);
  const width = window.innerWidth < NARROW ? 440 : 960;
  const label = parts.map(({ name, total }) => `${name} ${number(total)}`).join(t("comma"));
  return h(
    "figure",
    { class: "chart" },
    svg(
      "svg",
      { "viewBox": `0 0 ${width} ${HEIGHT + BELOW}`, "role": "img", "aria-label": label },
      axis(most / step, last, width),
      slots.map((slot) => bar(slot, parts, { step, most, last, all: width - LEFT })),
    ),
    h(
      "figcaption",
      { class: "row small" },
      parts.map(({ name, total, tone }) =>
        h(
          "span",
          { class: "key" },
          h("span", { class: `swatch ${tone}` }),
          `${name} `,
          h("b", { class: "number" }, number(total)),
        ),
      ),
    ),
    h("details", {}, h("summary", {}, t("load.as_table")), asTable(slots, parts)),
  );
}

/** What a bar is made of, from the ground up: `{name, tone, total, of(slot)}`. */
function partsOf(slots) {
  const totals = new Map();
  for (const { refused } of slots)
    for (const [reason, count] of Object.entries(refused)) totals.set(reason, (totals.get(reason) ?? 0) + count);
  const reasons = [...totals].sort((one, other) => other[1] - one[1]).map(([reason]) => reason);
  const rest = reasons.slice(REASONS);
  const parts = [
    { name: t("load.accepted"), tone: "tone-good", of: (slot) => slot.accepted },
    ...reasons
      .slice(0, REASONS)
      .map((reason, n) => ({ name: reason, tone: `tone-${n}`, of: (slot) => slot.refused[reason] ?? 0 })),
    ...(rest.length
      ? [
          {
            name: t("load.others"),
            tone: "tone-rest",
            of: (slot) => rest.reduce((sum, reason) => sum + (slot.refused[reason] ?? 0), 0),
          },
        ]
      : []),
    { name: t("load.unanswered"), tone: "tone-none", of: (slot) => slot.unanswered },
  ];
  return parts
    .map((part) => ({ ...part, total: slots.reduce((sum, slot) => sum + part.of(slot), 0) }))
    .filter(({ total, tone }) => total || tone === "tone-good");
}

function bar(slot, parts, { step, most, last, all }) {
  const width = (all * step) / last;
  const x = LEFT + (all * slot.at) / last;
  let ground = HEIGHT;
  return parts.map(({ of, tone }) => {
    const height = (of(slot) / most) * (HEIGHT - 10);
    if (!height) return null;
    ground -= height;
    return svg("rect", { class: tone, x, y: ground, width: Math.max(width - Math.min(2, width / 4), 0.5), height });
  });
}

/** Sends a second to the left, seconds below. */
const axis = (most, last, width) => [
  [0, 0.5, 1].map((share) => {
    const y = HEIGHT - share * (HEIGHT - 10);
    return [
      svg("line", { class: "rule", x1: LEFT, x2: width, y1: y, y2: y }),
      svg("text", { "x": LEFT - 6, "y": y + 4, "text-anchor": "end" }, `${number(Math.round(most * share))}/s`),
    ];
  }),
  [0, 0.5, 1].map((share) =>
    svg(
      "text",
      {
        "x": LEFT + share * (width - LEFT),
        "y": HEIGHT + 17,
        "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle",
      },
      `${number(Number((last * share).toFixed(last < 10 ? 1 : 0)))} s`,
    ),
  ),
];

const asTable = (slots, parts) =>
  h(
    "div",
    { "class": "scrolled", "tabindex": "0", "role": "region", "aria-label": t("load.as_table") },
    table(
      t("load.over_time"),
      [t("load.second"), ...parts.map(({ name }) => name)],
      slots.map((slot) => [`${slot.at} s`, ...parts.map(({ of }) => number(of(slot)))]),
    ),
  );
