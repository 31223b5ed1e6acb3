import type { Transport } from '../../core/ports.ts';
import { TransportError } from '../../core/ports.ts';
import { Tokens } from '../../core/session/tokens.ts';
import { systemClock, systemTimers } from '../../core/system-timers.ts';
import { backoff } from '../../core/sync/backoff.ts';
import { BATCH, POLL_MS } from '../../core/sync/engine.ts';
import { MOST_ROWS } from '../../core/sync/page-size.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { Command } from '../../shared/domain/commands/index.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { createFakeHost } from '../../tests/support/core/fake-host.ts';
import { HeldRows } from './held-rows.ts';
import type { Seat } from './world.ts';

export interface DeskOptions {
  readonly url: string;
  readonly seat: Seat;
  readonly transport: Transport;
  /** Events that are here now and were not before, by the changes of a page. */
  readonly onNews: (eventIds: readonly string[]) => void;
}

/**
 * One client without a screen and without a cache: it speaks to the server as the real engine does (core/sync/engine.ts),
 * over the real transport, with the same batches, pages, waits and live channel, and keeps of each row only a hash.
 */
export class Desk {
  readonly seat: Seat;
  readonly rows = new HeldRows();
  readonly applied: string[] = [];
  /** Why commands were refused. */
  readonly refused: string[] = [];
  readonly #o: DeskOptions;
  readonly #tokens: Tokens;
  readonly #deviceId = crypto.randomUUID();
  #queue: Command[] = [];
  #cursor: number | null = null;
  #after: string | null = null;
  #view: string | null = null;
  #epoch: string | null = null;
  #seen: { readonly seq: number; readonly mark: number | null } = { seq: 0, mark: null };

  #failures = 0;
  #askedWait: number | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #cancelTimer: () => void = () => {};
  #live: { close(): void } | null = null;
  /** Who waits until all was pushed and pulled, and who until the live channel is open. */
  #whole: (() => void)[] = [];
  #open: (() => void)[] = [];

  constructor(options: DeskOptions) {
    this.#o = options;
    this.seat = options.seat;
    this.#tokens = new Tokens({
      host: createFakeHost().host,
      transport: options.transport,
      clock: systemClock,
      url: options.url,
      name: 'refresh',
      logger: silentLogger,
      onErased: () => {},
    });
  }

  /** Signs in and reads everything, as a new device does; then it is offline. */
  async prepare(password: string): Promise<void> {
    const { transport, url, seat } = this.#o;
    const body = { protocol: PROTOCOL_VERSION, staffNo: seat.staffNo, password, deviceId: this.#deviceId };
    await this.#tokens.accept(await transport.signIn(url, body));
    await this.#pull();
  }

  /** Comes back with what was done while it was away, its access long run out. @returns once it has pushed and pulled all */
  comeBack(commands: readonly Command[]): Promise<void> {
    this.#queue.push(...commands);
    this.#tokens.expire();
    this.kick();
    return this.#nextWhole();
  }

  /** Comes back with nothing. @returns once it is told of changes */
  goLive(): Promise<void> {
    this.kick();
    return new Promise((resolve) => this.#open.push(resolve));
  }

  /** What the agent does now. */
  give(command: Command): void {
    this.#queue.push(command);
    this.kick();
  }

  /** Until everything was decided and read. */
  async idle(): Promise<void> {
    if (this.#queue.length > 0 || this.#running !== null) await this.#nextWhole();
  }

  kick(): void {
    if (this.#stopped) return;
    this.#cancelTimer();
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    const left = this.#askedWait === null ? 0 : this.#askedWait - systemClock.now();
    if (left > 0) return this.#later(left);
    this.#running = this.#cycle().finally(() => {
      this.#running = null;
      if (!this.#again) return;
      this.#again = false;
      this.kick();
    });
  }

  /** Goes offline after the request that is under way, and reads once more what there is. */
  async settle(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    this.#live?.close();
    await this.#running;
    await this.#pull();
  }

  async #cycle(): Promise<void> {
    try {
      const decidedAll = await this.#push();
      await this.#pull();
      if (this.#stopped) return;
      if (!decidedAll) throw new TransportError('rejected', 'internal');
      this.#failures = 0;
      this.#askedWait = null;
      this.#openLive();
      this.#later(POLL_MS);
      for (const go of this.#whole.splice(0)) go();
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#failures += 1;
      const wait = backoff(this.#failures, Math.random(), error.retryAfter);
      this.#askedWait = error.retryAfter === null ? null : systemClock.now() + wait;
      this.#later(wait);
    }
  }

  /** @returns whether the server decided everything */
  async #push(): Promise<boolean> {
    while (this.#queue.length > 0 && !this.#stopped) {
      const request = { protocol: PROTOCOL_VERSION, deviceId: this.#deviceId, ...this.#known(), commands: this.#queue.slice(0, BATCH) };
      const { results } = await this.#tokens.authorised((token) => this.#o.transport.push(this.#o.url, token, request));
      const answered = new Set(results.filter((r) => r.status !== 'failed').map((r) => r.id));
      this.#queue = this.#queue.filter((c) => !answered.has(c.id));
      for (const result of results) {
        if (result.status === 'refused') this.refused.push(result.refusal.code);
        if (result.status !== 'applied') continue;
        this.applied.push(result.id);
        this.#noteSeen(result.seq, result.mark ?? null);
      }
      if (answered.size < request.commands.length) return false;
    }
    return true;
  }

  async #pull(): Promise<void> {
    for (;;) {
      const from = { view: this.#view, cursor: this.#cursor, after: this.#after };
      const request = { protocol: PROTOCOL_VERSION, ...this.#known(), ...from, limit: MOST_ROWS };
      const page = await this.#tokens.authorised((token) => this.#o.transport.pull(this.#o.url, token, request));
      if (page.mode === 'reset') throw new Error('the server asks to read everything anew');
      this.rows.apply(page);
      this.#epoch = page.epoch;
      this.#view = page.view;
      this.#after = page.after;
      if (page.mode === 'delta' || page.after === null) this.#cursor = page.cursor;
      const head = page.head ?? { seq: page.cursor, mark: page.mark };
      this.#noteSeen(head.seq, head.mark);
      if (page.mode === 'delta') this.#o.onNews(page.rows.events.map((e) => e.id));
      if (page.after === null && !page.more) return;
    }
  }

  #openLive(): void {
    const token = this.#tokens.current;
    if (this.#live !== null || token === null) return;
    const live = this.#o.transport.live(this.#o.url, token, {
      open: () => {
        for (const go of this.#open.splice(0)) go();
        this.kick();
      },
      message: () => this.kick(),
      close: () => {
        if (this.#live !== live) return;
        this.#live = null;
        if (this.#stopped) return;
        this.#failures = 1;
        this.#later(backoff(1, Math.random(), null));
      },
    });
    this.#live = live;
  }

  #known(): { epoch: string | null; seen: number; mark: number | null } {
    return { epoch: this.#epoch, seen: this.#seen.seq, mark: this.#seen.mark };
  }

  #noteSeen(seq: number, mark: number | null): void {
    if (seq >= this.#seen.seq && mark !== null) this.#seen = { seq, mark };
  }

  #later(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = systemTimers.after(ms, () => this.kick());
  }

  #nextWhole(): Promise<void> {
    return new Promise((resolve) => this.#whole.push(resolve));
  }
}
