// A session, live: its requests and messages, and word of its faults, clock and replies.

import { get, inSession } from "./api.js";
import { follow } from "./follow.js";
import { Rows } from "./rows.js";

const MOST = 10_000;
const LOOK_AGAIN_MS = 1500;
const LOOKS = 20; // a hung request is not looked after for ever
const MOST_LOOKED_AT = 5000;

export class Feed {
  constructor(session) {
    this.session = session;
    this.requests = new Rows(MOST);
    this.messages = new Rows(MOST);
    this.missed = 0;
    this.state = "lost";
    this.listeners = new Set();
    this.changed = new Set();
    this.looks = new Map();
    this.stopping = new AbortController();
  }

  start() {
    follow(inSession(this.session, "/events"), {
      signal: this.stopping.signal,
      begin: () => this.begin(),
      take: (kind, data) => this.take(kind, data),
      state: (state) => {
        this.state = state;
        this.tell("state");
      },
    });
    return this;
  }

  stop() {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  /** `listener(kinds)` gets a set of what has changed, at most once a frame. Returns how to stop listening. */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** All that there is by now; what comes after it is streamed. */
  async begin() {
    const signal = this.stopping.signal;
    const [journal, inbox] = await Promise.all([
      get(inSession(this.session, `/requests?limit=${MOST}`), signal),
      get(inSession(this.session, `/messages?limit=${MOST}`), signal),
    ]);
    this.empty();
    for (const row of journal.requests) this.putRequest(row);
    for (const message of inbox.messages) this.messages.put(message);
    this.tell("requests", "messages", "fault", "clock", "reply");
  }

  take(kind, data) {
    if (kind === "request") {
      this.putRequest(data);
      this.tell("requests");
    } else if (kind === "message") this.putMessage(data);
    else if (kind === "reset") {
      this.empty();
      this.tell("requests", "messages", "fault", "clock", "reply");
    } else if (kind === "gap") {
      this.missed += Object.values(data.missed).reduce((sum, number) => sum + number, 0);
      this.tell("requests", "fault", "clock", "reply");
    } else this.tell(kind);
  }

  /** A message as it is now. */
  putMessage(message) {
    this.messages.put(message);
    this.tell("messages");
  }

  /** Read the inbox again: a status changes without an event. */
  async refreshMessages(limit) {
    const { messages } = await get(inSession(this.session, `/messages?limit=${limit}`), this.stopping.signal);
    for (const message of messages) this.messages.put(message);
    this.tell("messages");
  }

  empty() {
    this.requests.clear();
    this.messages.clear();
    this.looks.clear();
    this.missed = 0;
  }

  putRequest(row) {
    this.requests.put(row);
    if (row.took_ms !== null) this.looks.delete(row.id);
    else if (!this.looks.has(row.id)) this.looks.set(row.id, LOOKS);
    if (this.looks.size) this.lookAgainSoon();
  }

  /** A request is told of when it is decided; its reply may be written later. */
  lookAgainSoon() {
    this.timer ??= setTimeout(() => this.lookAgain().catch(() => {}), LOOK_AGAIN_MS);
  }

  async lookAgain() {
    this.timer = null;
    for (const [id, left] of this.looks) {
      if (left === 0) this.looks.delete(id);
      else this.looks.set(id, left - 1);
    }
    const [oldest] = this.looks.keys();
    if (oldest === undefined) return;
    const cursor = oldest.slice(1);
    const path = inSession(this.session, `/requests?cursor=${cursor}&limit=${MOST_LOOKED_AT}`);
    const { requests } = await get(path, this.stopping.signal);
    for (const row of requests) if (this.requests.get(row.id)) this.putRequest(row);
    this.tell("requests");
    if (this.looks.size) this.lookAgainSoon();
  }

  tell(...kinds) {
    if (!this.changed.size) setTimeout(() => this.tellAll(), 50);
    for (const kind of kinds) this.changed.add(kind);
  }

  tellAll() {
    const changed = this.changed;
    this.changed = new Set();
    for (const listener of [...this.listeners]) listener(changed);
  }
}
