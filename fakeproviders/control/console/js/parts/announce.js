// A word to the reader on what was done: seen at the foot of the page, and read out.

import { h, replace } from "../dom.js";

const SHOWN_MS = 6000;
const status = h("div", { class: "toast", role: "status" });
const alert = h("div", { class: "toast bad", role: "alert" });
let timer = null;

/** The two live regions; they must be on the page before something is said. */
export const regions = () => h("div", { class: "toasts" }, status, alert);

export const announce = (text) => say(status, text);
export const complain = (error) => say(alert, error.message);

function say(region, text) {
  replace(status);
  replace(alert);
  replace(region, h("p", {}, text));
  clearTimeout(timer);
  timer = setTimeout(() => replace(region), SHOWN_MS);
}

/** Do something; what goes wrong is said. Returns whether it went well. */
export async function attempt(work, done = null) {
  try {
    await work();
    if (done !== null) announce(done);
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}
