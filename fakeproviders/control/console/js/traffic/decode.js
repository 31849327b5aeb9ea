// Bodies as the fields they carry: JSON, forms, SOAP; whatever cannot be read so stays text.

const LEAF = /<(?:[^\s<>/:]+:)?([^\s<>/:!?]+)(?:\s[^<>]*)?(?:\/>|>([^<>]*)<\/(?:[^\s<>/:]+:)?\1\s*>)/g;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/g;
const ENTITY = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi;
const CHARACTERS = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** `{kind, fields, text}`: `kind` is json, form, xml, html, text or none; fields are `[name, value]`. */
export function decoded(raw) {
  const { text, charset } = textOf(raw);
  if (!text) return { kind: "none", fields: [], text };
  const type = header(raw, "content-type").toLowerCase();
  if (/^\s*[{[]/.test(text)) return ofJson(text);
  if (type.includes("form-urlencoded")) return { kind: "form", fields: pairs(text, charset), text };
  if (type.includes("html")) return { kind: "html", fields: [], text };
  if (/^\s*</.test(text)) return ofXml(text);
  return { kind: "text", fields: [], text };
}

/** The body's text by the charset it names, and that charset. */
export function textOf(raw) {
  const named = /charset="?([\w-]+)/i.exec(header(raw, "content-type"))?.[1];
  if (!raw.body_base64) return { text: raw.body, charset: named ?? "utf-8" };
  const bytes = Uint8Array.from(atob(raw.body_base64), (char) => char.charCodeAt(0));
  return inCharset(bytes, named ?? "gb18030"); // what is not UTF-8 on these wires is GBK
}

/** `[name, value]` of a query or a form. */
export const pairs = (text, charset = "utf-8") =>
  text
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const [name, ...value] = pair.split("=");
      return [unescaped(name, charset), unescaped(value.join("="), charset)];
    });

export const header = (raw, name) => raw.headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? "";

function inCharset(bytes, charset) {
  try {
    return { text: new TextDecoder(charset).decode(bytes), charset };
  } catch {
    return { text: new TextDecoder().decode(bytes), charset: "utf-8" }; // no browser knows that charset
  }
}

/** Percent-escapes are bytes of the form's charset; where UTF-8 does not fit, GBK is meant. */
function unescaped(text, charset) {
  const bytes = [];
  const plain = new TextEncoder().encode(text.replaceAll("+", " "));
  for (let at = 0; at < plain.length; at += 1) {
    const hex = plain[at] === 0x25 ? Number.parseInt(String.fromCharCode(plain[at + 1], plain[at + 2]), 16) : NaN;
    if (Number.isNaN(hex)) bytes.push(plain[at]);
    else (bytes.push(hex), (at += 2));
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(new Uint8Array(bytes));
  } catch {
    return new TextDecoder("gb18030").decode(new Uint8Array(bytes));
  }
}

function ofJson(text) {
  try {
    return { kind: "json", fields: flat(JSON.parse(text)), text };
  } catch {
    return { kind: "text", fields: [], text };
  }
}

/** `data.access_token` and its value, of each leaf. */
function flat(value, name = "") {
  if (value === null || typeof value !== "object") return [[name || "·", value === null ? "null" : String(value)]];
  const parts = Object.entries(value);
  if (!parts.length) return [[name || "·", Array.isArray(value) ? "[]" : "{}"]];
  return parts.flatMap(([key, part]) => flat(part, name ? `${name}.${key}` : key));
}

/** The elements that hold text alone. They are picked out of the text, so that no document is made of it. */
function ofXml(text) {
  const plain = text.replace(CDATA, (_, inside) => inside.replace(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`));
  const fields = [...plain.matchAll(LEAF)].map(([, name, value]) => [name, (value ?? "").replace(ENTITY, character)]);
  return { kind: fields.length ? "xml" : "text", fields, text };
}

function character(entity, name, decimal, hex) {
  if (name) return CHARACTERS[name.toLowerCase()];
  const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
