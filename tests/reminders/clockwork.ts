import type { Clock, Timers } from '../../shared/lib/clock.ts';

interface Entry {
  at: number;
  readonly period: number | null;
  readonly run: () => void;
  readonly alive: () => boolean;
}

/** Long enough before a moment that matters for a tick or two to come before it. */
const AHEAD_MS = 700;
/** No stretch without a tick is longer, so that what matters next is looked up anew. */
const STRIDE_MS = 15 * 60_000;

/**
 * The time of a computer: one that passes, and a clock on the wall that may be set. Asleep no timer runs. Where nothing
 * is to be expected the many ticks are left out.
 */
export class Clockwork implements Clock {
  /** Passes evenly, ms. */
  elapsed = 0;
  /** Wall clock less elapsed time. */
  offset: number;
  awake = true;
  readonly #entries = new Set<Entry>();
  #stirred = false;

  constructor(start: number) {
    this.offset = start;
  }

  now(): number {
    return this.elapsed + this.offset;
  }

  /** Timers of one run of the program; `alive` false: they never fire again. */
  timersFor(alive: () => boolean): Timers {
    return {
      after: (ms, run) => this.#add({ at: this.elapsed + ms, period: null, run, alive }),
      every: (ms, run) => this.#add({ at: this.elapsed + ms, period: ms, run, alive }),
    };
  }

  #add(entry: Entry): () => void {
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  /**
   * Lets time pass.
   * @param next the next moment on the wall after now at which something may have to happen
   * @param look after each timer that fired
   */
  async pass(ms: number, next: () => number, look: () => void): Promise<void> {
    const end = this.elapsed + ms;
    // Whatever was done before may matter at the next tick.
    this.#stir();
    while (this.elapsed < end) {
      for (const entry of this.#entries) if (!entry.alive()) this.#entries.delete(entry);
      if (!this.awake) this.elapsed = end;
      else await this.#step(end, next() - this.offset);
      look();
    }
  }

  #stir(): void {
    this.#stirred = true;
    for (const entry of this.#entries) if (entry.period !== null) entry.at = Math.min(entry.at, this.elapsed + entry.period);
  }

  async #step(end: number, matters: number): Promise<void> {
    const entries = [...this.#entries];
    const single = Math.min(...entries.filter((e) => e.period === null).map((e) => e.at));
    const skipTo = Math.min(matters - AHEAD_MS, this.elapsed + STRIDE_MS, single, end);
    const due = entries.toSorted((a, b) => a.at - b.at)[0];
    if (due === undefined) {
      this.elapsed = end;
      return;
    }
    if (due.period !== null && !this.#stirred && skipTo > due.at) due.at = skipTo;
    if (due.at > end) {
      this.elapsed = end;
      return;
    }
    // A machine that slept fires each timer once, late.
    this.elapsed = Math.max(this.elapsed, due.at);
    // What waited for it may go on at the next tick.
    if (due.period === null) {
      this.#entries.delete(due);
      this.#stir();
    } else {
      due.at = this.elapsed + due.period;
      this.#stirred = false;
    }
    due.run();
    await turn();
  }
}

/** Lets all that is ready run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
