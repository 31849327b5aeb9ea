// The console's words in the reader's language.

import { keep, kept } from "./kept.js";
import { en } from "./texts/en.js";
import { zh } from "./texts/zh.js";

const TEXTS = { zh, en };
const TAGS = { zh: "zh-CN", en: "en" };

const known = (name) => (name in TEXTS ? name : null);
let language = known(kept("lang")) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
document.documentElement.lang = TAGS[language];

/** `zh` or `en`. */
export const lang = () => language;

/** Switch, and remember. */
export function setLang(name) {
  language = known(name) ?? language;
  keep("lang", language);
  document.documentElement.lang = TAGS[language];
}

/** The text of a key, its {names} filled in. */
export function t(key, facts = {}) {
  const text = TEXTS[language][key];
  if (text === undefined) throw new Error(`no text for ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** The text of a key; the name itself where there is none: for the words of the API. */
export const named = (group, name) => TEXTS[language][`${group}.${name}`] ?? name;

/** One of an object's two languages. */
export const pick = (words) => (words ? words[language] : "");
