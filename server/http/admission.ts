import type { Clock } from '../../shared/lib/clock.ts';
import { HttpError } from './errors.ts';

/** Who would wait longer comes again instead: clients give an answer 15 s, and the work itself takes some of them. */
const PATIENCE_MS = 8_000;
const LONGEST_RETRY_MS = 20_000;
/** How much the latest duration counts in the mean. */
const LATEST = 0.1;

/**
 * Lets so many work with the database at a time; the others wait in the order in which they came. Without it, hundreds
 * that come at once are all answered late, give up, and bring the same work again.
 */
export class Admission {
  readonly #atOnce: number;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #waiting: { readonly since: number; readonly gone: () => boolean; enter(): void; refuse(error: Error): void }[] = [];
  #working = 0;
  /** Of one that works, ms; 0 until the first has ended. */
  #mean = 0;

  /** @param random from 0 to 1; those who are sent away should not come back in step */
  constructor(atOnce: number, clock: Clock, random: () => number = Math.random) {
    this.#atOnce = atOnce;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * @param gone whether whoever asked has left: nothing is done for them any more
   * @throws HttpError `unavailable`, with the time after which to come again, when it would take too long or they have left
   */
  async run<T>(gone: () => boolean, work: () => Promise<T>): Promise<T> {
    await this.#enter(gone);
    const start = this.#clock.now();
    try {
      return await work();
    } finally {
      const took = Math.max(0, this.#clock.now() - start);
      this.#mean = this.#mean === 0 ? took : this.#mean + (took - this.#mean) * LATEST;
      this.#working -= 1;
      this.#letIn();
    }
  }

  #enter(gone: () => boolean): Promise<void> {
    if (this.#working < this.#atOnce) {
      this.#working += 1;
      return Promise.resolve();
    }
    if (this.#wait() > PATIENCE_MS) return Promise.reject(this.#refusal());
    return new Promise((enter, refuse) => {
      this.#waiting.push({ since: this.#clock.now(), gone, enter, refuse });
    });
  }

  #letIn(): void {
    while (this.#working < this.#atOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (next.gone() || this.#clock.now() - next.since > PATIENCE_MS) next.refuse(this.#refusal());
      else {
        this.#working += 1;
        next.enter();
      }
    }
  }

  /** Of who comes now, ms, as it looks. */
  #wait(): number {
    return (this.#waiting.length * this.#mean) / this.#atOnce;
  }

  #refusal(): HttpError {
    const retryAfterMs = Math.min(LONGEST_RETRY_MS, this.#wait() * (0.5 + this.#random()));
    return new HttpError('unavailable', { retryAfterMs });
  }
}
