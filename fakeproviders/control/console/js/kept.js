// What this browser keeps for the reader: language, theme, and in this tab alone the token.

const PREFIX = "fakeproviders.";

/** A kept text, or null. */
export const kept = (name, storage = "localStorage") => {
  try {
    return window[storage].getItem(PREFIX + name);
  } catch {
    return null; // storage is switched off
  }
};

/** Keep a text; null forgets it. */
export const keep = (name, text, storage = "localStorage") => {
  try {
    if (text === null) window[storage].removeItem(PREFIX + name);
    else window[storage].setItem(PREFIX + name, text);
  } catch {
    // Storage is switched off: it holds until the page is left.
  }
};
