import type { Clock, Timers } from '../../../shared/lib/clock.ts';

interface Entry {
  at: number;
  readonly period: number | null;
  readonly run: () => void;
}

/**
 * A clock that moves only when told to. Its timers fire in order as `advance` passes them; between two of them all
 * that is ready to run gets its turn, real network answers included when `settle` waits for them.
 */
export class VirtualTime implements Clock, Timers {
  #now: number;
  readonly #entries = new Set<Entry>();
  readonly #settle: () => Promise<void>;

  /** @param settle waits for what a timer may have begun */
  constructor(now: number, settle: () => Promise<void> = turn) {
    this.#now = now;
    this.#settle = settle;
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#entries.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#now + ms, period: null, run });
  }

  every(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#now + ms, period: ms, run });
  }

  #add(entry: Entry): () => void {
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  /** Moves on by `ms`, running what falls due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#entries].filter((e) => e.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.period === null) this.#entries.delete(next);
      else next.at += next.period;
      next.run();
      await this.#settle();
    }
    this.#now = end;
    await this.#settle();
  }

  /** The clock on the wall is set by `ms`; no time passes. */
  setBy(ms: number): void {
    this.#now += ms;
    for (const entry of this.#entries) entry.at += ms;
  }

  /** As a sleeping machine: the clock jumps and each timer fires once afterwards, late. */
  async sleep(ms: number): Promise<void> {
    this.#now += ms;
    for (const entry of [...this.#entries].filter((e) => e.at <= this.#now).sort((a, b) => a.at - b.at)) {
      if (entry.period === null) this.#entries.delete(entry);
      else entry.at = this.#now + entry.period;
      entry.run();
    }
    await this.#settle();
  }
}

/** Lets all that is ready run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
