import type { Cache } from '../../db/open.ts';
import type { Timers } from '../../shared/lib/clock.ts';

/** A burst of writes is through by then. */
const WAIT_MS = 20;

/** Has a cache do between writes what would make one of them slow, in slices. */
export class UpkeepTimer {
  readonly #cache: Cache;
  readonly #timers: Timers;
  #cancel: (() => void) | null = null;

  constructor(cache: Cache, timers: Timers) {
    this.#cache = cache;
    this.#timers = timers;
    cache.onCommit(() => {
      if (this.#cancel === null) this.#later(WAIT_MS);
    });
  }

  stop(): void {
    this.#cache.onCommit(() => {});
    this.#cancel?.();
    this.#cancel = null;
  }

  #later(ms: number): void {
    this.#cancel = this.#timers.after(ms, () => {
      this.#cancel = null;
      // In between others get their answers.
      if (this.#cache.upkeep()) this.#later(1);
    });
  }
}
