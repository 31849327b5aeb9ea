// Moments and numbers as people read them. The API's moments are Beijing time, and stay so.

import { lang } from "./words.js";

/** `11-23 22:03:49` of an RFC 3339 text; with `.405` for rows that come within a second. */
export const moment = (iso) => (iso ? iso.slice(5, 19).replace("T", " ") : "");
export const clockTime = (iso) => (iso ? iso.slice(11, 23) : "");

export const number = (value) => value.toLocaleString(lang() === "zh" ? "zh-CN" : "en");

export function milliseconds(value) {
  if (value === null || value === undefined) return "…";
  return value < 1000 ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`;
}

/** Epoch milliseconds as an RFC 3339 text in Beijing time, to the second. */
export function beijing(ms) {
  return `${new Date(ms + 8 * 3600_000).toISOString().slice(0, 19)}+08:00`;
}

/** The next midnight in Beijing after a moment. */
export function nextMidnight(iso) {
  const day = 86_400_000;
  const local = Date.parse(iso) + 8 * 3600_000;
  return beijing((Math.floor(local / day) + 1) * day - 8 * 3600_000);
}
