import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import type { CoreContext } from '../context.ts';
import { cacheName, type CachePlaces } from './cache-places.ts';
import { Erasure } from './erasure.ts';
import { askForOrder, endSession } from './orders.ts';
import type { ProfileStore } from './profile.ts';

type Result = OutputOf<CoreContract['calls']['session.removeAccount']>;

/** Accounts whose desk is not open are asked for so often. */
const LOOK_MS = 5 * 60_000;
/** What could not be finished, because the key store or the disk failed, is tried again so soon. */
const AGAIN_MS = 30_000;

/** What the removal of an account needs of the session. */
interface Hold {
  /** Runs one after the other, with all that opens or closes a desk. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Whose desk is open, by the name of its cache. */
  openName(): string | null;
  /** Brings the count of waiting commands up to date. */
  count(): void;
  /** Closes the desk, without waiting for what its parts have under way. @returns when they are through */
  letGo(): Promise<unknown>;
  /** The last account is none any more. */
  signedOut(): void;
}

/** Removes accounts from this device: on the order of an administrator (SY11), or because whoever sits here wants it. */
export class Removal {
  readonly #ctx: CoreContext;
  readonly #profile: ProfileStore;
  readonly #places: CachePlaces;
  readonly #hold: Hold;
  readonly #erasure: Erasure;
  readonly #stopLooking: () => void;
  #stopped = false;

  constructor(ctx: CoreContext, profile: ProfileStore, places: CachePlaces, hold: Hold) {
    this.#ctx = ctx;
    this.#profile = profile;
    this.#places = places;
    this.#hold = hold;
    this.#erasure = new Erasure(ctx, profile, places);
    this.#stopLooking = ctx.timers.every(LOOK_MS, () => void this.lookForOrders());
  }

  stop(): void {
    this.#stopped = true;
    this.#stopLooking();
  }

  /** @param lose so many unsynced commands may go with it: if there are more, nothing happens */
  remove(name: string, lose: number): Promise<Result> {
    return this.#hold.inTurn(async () => {
      const known = this.#profile.value.known[name];
      if (known === undefined) return { ok: true };
      const token = await this.#places.refreshToken(name);
      if (this.#hold.openName() === name) this.#hold.count();
      const waiting = this.#profile.value.waiting[name] ?? 0;
      if (waiting > lose) return { ok: false, waiting };
      await this.#destroy(name, false);
      if (token !== null) endSession(this.#ctx.transport, known.url, token);
      return { ok: true };
    });
  }

  /** @param token with which the server was asked when it ordered this */
  async obey(name: string, token: string): Promise<void> {
    try {
      await this.#hold.inTurn(async () => {
        // Another by now: somebody has signed in with the password, and the order was for what was here before.
        if (this.#stopped || (await this.#places.refreshToken(name)) !== token) return;
        await this.#destroy(name, true);
      });
    } catch (error) {
      // The token is still here: with it the server is asked again.
      this.#ctx.logger.error('removal.fault', { error: error instanceof Error ? error.name : 'unknown' });
    }
  }

  /** Goes on with what is marked. @param ended when nothing writes there any more */
  async finish(ended?: Promise<unknown>): Promise<void> {
    if (await this.#erasure.run(ended)) return;
    this.#ctx.timers.after(AGAIN_MS, () => {
      if (!this.#stopped) void this.#hold.inTurn(() => this.finish());
    });
  }

  /** Somebody may work here with his own account on a device that was taken from another, or it is locked. */
  async lookForOrders(): Promise<void> {
    for (const [name, { url }] of Object.entries(this.#profile.value.known)) {
      if (this.#stopped || name === this.#hold.openName() || this.#profile.value.erasing.includes(name)) continue;
      try {
        const token = await askForOrder(this.#ctx, url, name);
        if (token !== null) await this.obey(name, token);
      } catch (error) {
        this.#ctx.logger.warn('session.orders', { error: error instanceof Error ? error.name : 'unknown' });
      }
    }
  }

  async #destroy(name: string, ordered: boolean): Promise<void> {
    const { last } = this.#profile.value;
    const open = this.#hold.openName() === name;
    if (open) this.#hold.count();
    this.#erasure.mark(name, ordered);
    const ended = open ? this.#hold.letGo() : Promise.resolve();
    if (last !== null && cacheName(last.url, last.account.id) === name) this.#hold.signedOut();
    await this.finish(ended);
    this.#ctx.hub.emit(['session']);
  }
}
