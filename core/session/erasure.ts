import type { CoreContext } from '../context.ts';
import type { CachePlaces } from './cache-places.ts';
import { cacheName, keyName, refreshName } from './cache-places.ts';
import type { ProfileStore } from './profile.ts';

/** What still writes is waited for no longer than this before its files go. */
const STOP_MS = 5_000;

/**
 * Destroys all that lies here of one account (SY11, R25). The mark in the profile comes first: whatever happens after it, the
 * next start goes on before anything is opened. Then the key, without which the rest is noise, the token and the files.
 */
export class Erasure {
  readonly #ctx: CoreContext;
  readonly #profile: ProfileStore;
  readonly #places: CachePlaces;

  constructor(ctx: CoreContext, profile: ProfileStore, places: CachePlaces) {
    this.#ctx = ctx;
    this.#profile = profile;
    this.#places = places;
  }

  /** @param ordered from afar, not by whoever sits here */
  mark(name: string, ordered: boolean): void {
    const { erasing, known, last, waiting } = this.#profile.value;
    const isLast = last !== null && cacheName(last.url, last.account.id) === name;
    const was = isLast
      ? { url: last.url, serverName: last.serverName, demo: last.demo, staffNo: last.account.staffNo }
      : { url: known[name]?.url ?? '', serverName: '', demo: false, staffNo: known[name]?.staffNo ?? '' };
    this.#write({
      erasing: [...new Set([...erasing, name])],
      erased: { ...was, waiting: waiting[name] ?? 0, ordered },
      ...(isLast && { last: null }),
    });
  }

  /** @param ended when nothing writes there any more. @returns whether nothing that is marked is left */
  async run(ended: Promise<unknown> = Promise.resolve()): Promise<boolean> {
    for (const name of this.#profile.value.erasing) {
      const steps: readonly (() => unknown)[] = [
        () => this.#ctx.host.call('secrets.delete', { name: keyName(name) }),
        () => this.#ctx.host.call('secrets.delete', { name: refreshName(name) }),
        () => Promise.race([ended, new Promise<void>((go) => this.#ctx.timers.after(STOP_MS, go))]),
        () => this.#places.remove(name),
      ];
      let whole = true;
      for (const step of steps) {
        try {
          await step();
        } catch (error) {
          // A key store that fails must not keep the files, nor the other way round.
          whole = false;
          this.#ctx.logger.error('erasure.fault', { error: error instanceof Error ? error.name : 'unknown' });
        }
      }
      if (whole) this.#finish(name);
    }
    return this.#profile.value.erasing.length === 0;
  }

  #finish(name: string): void {
    const { erasing, known, waiting } = this.#profile.value;
    const { [name]: _gone, ...knownStill } = known;
    const { [name]: _lost, ...waitingStill } = waiting;
    this.#write({ erasing: erasing.filter((n) => n !== name), known: knownStill, waiting: waitingStill });
    this.#ctx.logger.warn('erasure.done', { waiting: waiting[name] ?? 0 });
  }

  #write(change: Parameters<ProfileStore['update']>[0]): void {
    try {
      this.#profile.update(change);
    } catch (error) {
      // Known in memory all the same: a full disk must not save what is to be destroyed.
      this.#ctx.logger.error('erasure.unmarked', { error: error instanceof Error ? error.name : 'unknown' });
    }
  }
}
