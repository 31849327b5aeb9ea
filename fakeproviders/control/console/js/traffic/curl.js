// A request as a curl command that sends the same bytes again.

import { header } from "./decode.js";

const OWN = new Set(["host", "content-length", "transfer-encoding", "connection", "expect"]); // curl's own affair
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f]/;

/** `base` is the address of the session's provider. */
export function curl(whole, base) {
  const { method, path, headers, body, body_base64: bytes } = whole.request;
  const asBytes = bytes ?? (UNPRINTABLE.test(body) ? base64(body) : null);
  const parts = [`curl -i -X ${quoted(method)} --path-as-is --globoff ${quoted(base + escaped(path))}`];
  for (const [name, value] of headers) {
    if (!OWN.has(name.toLowerCase())) parts.push(`-H ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`);
  }
  if (body && !header(whole.request, "content-type")) parts.push("-H 'Content-Type:'");
  if (asBytes !== null) parts.push("--data-binary @-");
  else if (body) parts.push(`--data-raw ${quoted(body)}`);
  const command = parts.join(" \\\n  ");
  return asBytes === null ? command : `printf %s ${quoted(asBytes)} | base64 -d | ${command}`;
}

/** The journal's path is decoded; its query is as it was sent. */
function escaped(target) {
  const [path, ...query] = target.split("?");
  return [encodeURI(path).replaceAll("#", "%23"), ...query].join("?");
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
