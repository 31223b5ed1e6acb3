import { createHash } from 'node:crypto';
import type { Timers } from '../../shared/lib/clock.ts';

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly what: string;
  readonly run: () => void | Promise<void>;
}

/** Slow ticks are enough here, and a laptop that saves power does no better. */
const COARSE_MS = 10_000;
/** Turns of the event loop that the longest chain in a core needs: an answer, the end of its cycle, the next one. */
const TURNS = 3;

/** One clock and one list of what is to happen for all: the same seed gives the same order. */
export class VirtualWorld {
  #now: number;
  #order = 0;
  readonly #ahead: Happening[] = [];
  readonly #hash = createHash('sha256');
  /** What happened, newest last. */
  readonly lines: string[] = [];
  readonly #start: number;

  constructor(start: number) {
    this.#now = start;
    this.#start = start;
  }

  now(): number {
    return this.#now;
  }

  /** Puts something down for `ms` from now. @returns takes it back */
  in(ms: number, what: string, run: () => void | Promise<void>): () => void {
    const happening = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#order++, what, run };
    let low = 0;
    let high = this.#ahead.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#ahead[middle]!;
      if (other.at > happening.at || (other.at === happening.at && other.order > happening.order)) high = middle;
      else low = middle + 1;
    }
    this.#ahead.splice(low, 0, happening);
    return () => {
      const at = this.#ahead.indexOf(happening);
      if (at >= 0) this.#ahead.splice(at, 1);
    };
  }

  /** Notes what happened; part of the trace by which two runs are compared. */
  note(line: string): void {
    const text = `${String(this.#now - this.#start).padStart(7)} ${line}`;
    this.lines.push(text);
    this.#hash.update(text).update('\n');
  }

  /** The trace so far, as a number of 12 digits. The world is of no use afterwards. */
  digest(): string {
    return this.#hash.digest('hex').slice(0, 12);
  }

  /** Runs what happens up to `until`, and `after` behind each of it. */
  async run(until: number, after: () => Promise<void> | void): Promise<void> {
    for (;;) {
      const next = this.#ahead[0];
      if (next === undefined || next.at > until) break;
      this.#ahead.shift();
      this.#now = next.at;
      await next.run();
      await settle();
      await after();
    }
    this.#now = until;
  }

  /** Timers of one run of a program; `alive` false: they never fire again. */
  timersFor(alive: () => boolean): Timers {
    return {
      after: (ms, run) => this.in(ms, 'timer', () => void (alive() && run())),
      every: (ms, run) => {
        const period = Math.max(ms, COARSE_MS);
        let cancel = (): void => {};
        const next = (): void => {
          cancel = this.in(period, 'tick', () => {
            if (!alive()) return;
            next();
            run();
          });
        };
        next();
        return () => cancel();
      },
    };
  }
}

/** Lets all that is ready run: promises, and what the cores put off to the next turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < TURNS; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
