// Follows a stream of events over breaks, without losing or doubling any: it goes on after the last id.

import { open, Problem } from "./api.js";
import { events } from "./sse.js";

const SILENCE_MS = 40_000; // the server says something every 15 seconds
const LONGEST_PAUSE_MS = 10_000;

/**
 * Until the signal: `begin()` is awaited once there is a connection that does not go on from an id,
 * and `take(kind, data)` gets each event. `state` is told `live`, `lost`, and `over` when nothing more will come.
 */
export async function follow(path, { signal, begin = async () => {}, take, state = () => {} }) {
  const at = { id: null, pause: 1000 };
  let failures = 0;
  while (!signal.aborted) {
    try {
      const over = await listen(path, at, { signal, begin, take, state: () => ((failures = 0), state("live")) });
      if (over) return state("over");
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && error.status < 500) return state("over");
    }
    state("lost");
    await pause(Math.min(at.pause * 2 ** failures++, LONGEST_PAUSE_MS), signal);
  }
}

/** One connection. Returns whether the stream is at its end for good. */
async function listen(path, at, { signal, begin, take, state }) {
  const silence = new AbortController();
  const either = AbortSignal.any([signal, silence.signal]);
  const headers = at.id === null ? {} : { "Last-Event-ID": at.id };
  let timer = null;
  try {
    const reply = await open("GET", path, { headers, signal: either });
    if (reply.status === 204) return true;
    if (at.id === null) await begin();
    state();
    for await (const event of events(reply.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      if (event.retry !== null) at.pause = Number(event.retry);
      if (event.data !== null) take(event.event, JSON.parse(event.data));
      if (event.id !== null) at.id = event.id;
    }
  } finally {
    clearTimeout(timer);
    silence.abort(); // or the server goes on with a stream that nobody reads
  }
  return false;
}

function pause(ms, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
