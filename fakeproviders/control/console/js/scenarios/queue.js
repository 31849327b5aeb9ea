// Runs scenarios one after the other, a few at a time, and knows how each one ended. It goes on
// while other pages are looked at.

import { get, post } from "../api.js";

const AT_ONCE = 4;
const LOOK_MS = 500;

class Queue {
  constructor() {
    this.waiting = [];
    this.latest = new Map(); // by scenario: {id, state, outcome}
    this.listeners = new Set();
    this.looking = null;
  }

  /** `listener()` is called when something has changed. Returns how to stop listening. */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Run these. `options` are the API's: target, seed, keep. */
  run(names, options = {}) {
    for (const name of names) {
      if (this.isBusy(name)) continue;
      this.latest.set(name, { id: null, state: "waiting", outcome: null });
      this.waiting.push({ name, options });
    }
    this.tell();
    return this.look();
  }

  /** Run no more of those that wait. */
  stop() {
    for (const { name } of this.waiting) this.latest.delete(name);
    this.waiting = [];
    this.tell();
  }

  isBusy(name) {
    const state = this.latest.get(name)?.state;
    return state === "waiting" || state === "running";
  }

  /** How many are still to end, and how those ended that have. */
  count() {
    const counts = { busy: 0, passed: 0, failed: 0, skipped: 0, error: 0 };
    for (const [name, run] of this.latest) counts[this.isBusy(name) ? "busy" : (run.outcome ?? "error")] += 1;
    return counts;
  }

  /** Ask how they are until all have ended. */
  look() {
    this.looking ??= this.lookOn().finally(() => (this.looking = null));
    return this.looking;
  }

  async lookOn() {
    await this.refresh();
    while (this.waiting.length || this.going().length) {
      await this.startSome();
      await new Promise((done) => setTimeout(done, LOOK_MS));
      await this.refresh();
    }
  }

  async startSome() {
    while (this.waiting.length && this.going().length < AT_ONCE) {
      const { name, options } = this.waiting.shift();
      try {
        this.note(await post(`/scenarios/${encodeURIComponent(name)}/runs`, options));
      } catch (error) {
        this.latest.set(name, { id: null, state: "broken_off", outcome: "error", problem: error.message });
      }
      this.tell();
    }
  }

  async refresh() {
    const { runs } = await get("/runs");
    for (const run of runs) this.note(run);
    const there = new Set(runs.map((run) => run.id));
    for (const [name, run] of this.latest) {
      if (run.id !== null && this.isBusy(name) && !there.has(run.id)) this.latest.delete(name);
    }
    this.tell();
  }

  note(run) {
    const known = this.latest.get(run.scenario);
    if (
      known &&
      known.id === null &&
      known.state === "waiting" &&
      this.waiting.some(({ name }) => name === run.scenario)
    )
      return;
    this.latest.set(run.scenario, {
      id: run.id,
      state: run.state,
      outcome: run.outcome ?? run.result?.outcome ?? null,
    });
  }

  going() {
    return [...this.latest.values()].filter(
      (run) => run.id !== null && (run.state === "running" || run.state === "waiting"),
    );
  }

  tell() {
    for (const listener of [...this.listeners]) listener();
  }
}

export const queue = new Queue();
