import type { Clock, Timers } from '../../../shared/lib/clock.ts';
import type { Logger } from '../../../shared/lib/logger.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import type { ShellContract } from '../../../shared/bridge/contract.ts';
import { signal, type Signal } from '../signal.ts';
import { decideUpdate } from './decide-update.ts';
import type { UpdateManifest } from '../../../shared/protocol/update-manifest.ts';

export type UpdateState = OutputOf<ShellContract['queries']['update.state']>;

/** Where updates come from. A port: the real one is electron-updater. */
export interface UpdateFeed {
  /** @param take judges the feed's answer, of which nothing has been checked. @returns what it said. @throws if the feed did not answer */
  look(take: (answer: unknown) => boolean): Promise<boolean>;
  /** Fetches what was taken; its hash is the one that was signed. @param progress 0–100 @throws if it could not, or is another */
  fetch(progress: (percent: number) => void): Promise<void>;
  /** Puts the new app into the place of this one. The process has to end right after. */
  install(relaunch: boolean): void;
}

export interface UpdaterOptions {
  /** null: this build does not update itself. */
  readonly feed: UpdateFeed | null;
  readonly current: string;
  readonly keys: readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Ends the app in order; `install` comes at its end. */
  readonly quit: () => void;
}

/** The window comes first. */
export const FIRST_LOOK_MS = 30_000;
const LOOK_EVERY_MS = 4 * 3_600_000;
/** 今天提醒我: later, and most likely still today. */
export const LATER_MS = 2 * 3_600_000;
/** Whoever has to restart is told so long before. */
export const NOTICE_MS = 10 * 60_000;
const TICK_MS = 15_000;

/** Keeps the app up to date, and never takes anything from whoever works in it. */
export class Updater {
  readonly #o: UpdaterOptions;
  readonly #state: ReturnType<typeof signal<UpdateState>>;
  readonly #stops: (() => void)[] = [];
  readonly #unsaved = new Set<object>();
  #accountId: string | null = null;
  #tooOld = false;
  #manifest: UpdateManifest | null = null;
  #restarting = false;
  #nextLook = 0;
  #looking: Promise<void> | null = null;

  constructor(options: UpdaterOptions) {
    this.#o = options;
    this.#state = signal<UpdateState>({
      status: options.feed === null ? 'off' : 'idle',
      ...{ version: null, percent: null, checkedAt: null, failure: null, quietUntil: null, forcedAt: null },
    });
  }

  get state(): Signal<UpdateState> {
    return this.#state;
  }

  start(): void {
    if (this.#o.feed === null) return;
    this.#nextLook = this.#o.clock.now() + FIRST_LOOK_MS;
    this.#stops.push(this.#o.timers.every(TICK_MS, () => this.#tick()));
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Who is signed in: whose turn it is in a staged rollout. */
  follow(accountId: string | null): void {
    this.#accountId = accountId;
  }

  /** The server takes clients from another version on. @param tooOld this one is not among them */
  serverTakes(tooOld: boolean): void {
    if (this.#tooOld === tooOld) return;
    this.#tooOld = tooOld;
    if (!tooOld) return;
    this.#force();
    void this.look();
  }

  /** @param page who holds it; gone when it is false */
  setUnsaved(page: object, unsaved: boolean): void {
    if (unsaved) this.#unsaved.add(page);
    else this.#unsaved.delete(page);
  }

  /** Asks the feed, and fetches what it has. Never fails: the state says how it went. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  later(): void {
    this.#set({ quietUntil: this.#o.clock.now() + LATER_MS });
  }

  restart(): { ok: true } | { ok: false; reason: 'unsaved' | 'not-ready' } {
    if (this.#manifest === null || this.#state.value.status !== 'ready') return { ok: false, reason: 'not-ready' };
    if (this.#unsaved.size > 0) return { ok: false, reason: 'unsaved' };
    this.#restarting = true;
    this.#o.logger.info('update.restart', { version: this.#manifest.version });
    this.#o.quit();
    return { ok: true };
  }

  /** The app ends, everything else has stopped. @returns whether something takes its place */
  atEnd(): boolean {
    const { feed, logger } = this.#o;
    if (feed === null || this.#state.value.status !== 'ready') return false;
    try {
      feed.install(this.#restarting);
      return true;
    } catch (error) {
      logger.error('update.install', { code: codeOf(error) });
      return false;
    }
  }

  async #look(): Promise<void> {
    const { feed, logger } = this.#o;
    // What is ready is started first; the next version comes after it.
    if (feed === null || this.#state.value.status === 'ready') return;
    this.#set({ status: 'checking', failure: null });
    let refused: string | null = null;
    let manifest: UpdateManifest | null = null;
    let available: boolean;
    try {
      available = await feed.look((answer) => {
        const decision = decideUpdate(answer, { ...this.#o, accountId: this.#accountId, tooOld: this.#tooOld });
        refused = decision.kind === 'refused' ? decision.why : null;
        manifest = decision.kind === 'take' ? decision.manifest : null;
        return manifest !== null;
      });
    } catch (error) {
      logger.warn('update.look', { code: codeOf(error) });
      return this.#set({ status: 'failed', failure: 'unreachable' });
    }
    const checkedAt = this.#o.clock.now();
    if (refused !== null) {
      logger.error('update.refused', { why: refused });
      return this.#set({ status: 'failed', failure: 'refused', checkedAt });
    }
    if (!available || manifest === null) return this.#set({ status: 'idle', checkedAt });
    await this.#fetch(feed, manifest, checkedAt);
  }

  async #fetch(feed: UpdateFeed, manifest: UpdateManifest, checkedAt: number): Promise<void> {
    const { logger } = this.#o;
    const { version } = manifest;
    this.#set({ status: 'fetching', version, percent: 0, checkedAt });
    logger.info('update.fetch', { version });
    try {
      await feed.fetch((percent) => this.#set({ percent: Math.min(100, Math.floor(percent)) }));
    } catch (error) {
      const code = codeOf(error);
      logger.error('update.fetch', { version, code });
      const failure = code === 'ERR_CHECKSUM_MISMATCH' ? 'refused' : code === 'ENOSPC' ? 'disk' : 'unreachable';
      return this.#set({ status: 'failed', version: null, percent: null, failure });
    }
    this.#manifest = manifest;
    logger.info('update.ready', { version });
    this.#set({ status: 'ready', percent: null });
    this.#force();
  }

  /** Sets when whoever works here has to restart, if they have to; never sooner than after a notice. */
  #force(): void {
    if (this.#manifest === null) return;
    const { deadline } = this.#manifest;
    const asked = this.#tooOld ? 0 : deadline === undefined ? null : Date.parse(deadline);
    if (asked === null) return;
    const at = Math.max(asked, this.#o.clock.now() + NOTICE_MS);
    // A notice that has been given is not put off.
    this.#set({ forcedAt: Math.min(at, this.#state.value.forcedAt ?? at) });
  }

  #tick(): void {
    const now = this.#o.clock.now();
    // A clock that was set back must not put it off by more than usual.
    if (now >= this.#nextLook || this.#nextLook - now > LOOK_EVERY_MS) {
      this.#nextLook = now + LOOK_EVERY_MS;
      void this.look();
    }
    const { forcedAt, status } = this.#state.value;
    if (status === 'ready' && !this.#restarting && forcedAt !== null && now >= forcedAt) this.restart();
  }

  #set(change: Partial<UpdateState>): void {
    this.#state.set({ ...this.#state.value, ...change });
  }
}

const codeOf = (error: unknown): string =>
  String((error as { code?: unknown } | null)?.code ?? (error instanceof Error ? error.name : 'unknown'));
