// The control API: JSON in and out, problems as errors, the token where one is needed.

import { keep, kept } from "./kept.js";
import { lang } from "./words.js";

const BASE = "/api/v1";
let token = kept("token", "sessionStorage");
let refused = () => {};

/** What the API says is wrong. `fields` are `{field, message}`. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.detail ?? `HTTP ${status}`);
    this.status = status;
    this.fields = document.errors ?? [];
  }
}

/** Be told when a token is needed. */
export const onRefused = (listener) => {
  refused = listener;
};

export const hasToken = () => token !== null;

/** Use a token from now on; null forgets it. */
export function setToken(given) {
  token = given;
  keep("token", given, "sessionStorage");
}

/** A reply that is not read yet. Throws Problem; the network's own errors as they are. */
export async function open(method, path, { body, headers = {}, signal } = {}) {
  const sent = { "Accept-Language": lang(), ...headers };
  if (token !== null) sent.Authorization = `Bearer ${token}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const given = body === undefined ? undefined : JSON.stringify(body);
  const reply = await fetch(BASE + path, { method, headers: sent, body: given, signal, cache: "no-store" });
  if (reply.ok) return reply;
  const problem = new Problem(reply.status, await reply.json().catch(() => ({})));
  if (reply.status === 401) refused(problem);
  throw problem;
}

/** The JSON of a reply; null where there is none. */
async function call(method, path, body, signal) {
  const reply = await open(method, path, { body, signal });
  return reply.status === 204 ? null : reply.json();
}

export const get = (path, signal) => call("GET", path, undefined, signal);
export const post = (path, body) => call("POST", path, body ?? {});
export const put = (path, body) => call("PUT", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);

/** The address of a session's things. */
export const inSession = (session, rest = "") => `/sessions/${encodeURIComponent(session)}${rest}`;
