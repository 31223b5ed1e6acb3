import type { Cache } from '../../db/open.ts';
import type { Reader } from '../../db/reader.ts';
import { StorageError } from '../../db/storage-error.ts';
import { readParameters } from '../../db/reads/decision-state.ts';
import { readMeta, writeMeta } from '../../db/reads/meta.ts';
import { ageOut } from '../../db/writes/leaving.ts';
import { toCommand } from '../../db/writes/optimistic.ts';
import type { Clock, Timers } from '../../shared/lib/clock.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import type { WayProblem } from '../../shared/bridge/way-problems.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { TicketEvent } from '../../shared/domain/tickets.ts';
import { assertNever } from '../../shared/lib/assert-never.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { LiveCall, PullRequest, PullResponse, PushResult } from '../../shared/protocol/wire.ts';
import type { ChangeHub } from '../live/changes.ts';
import { type Transport, TransportError } from '../ports.ts';
import type { Tokens } from '../session/tokens.ts';
import { type Applied, applyPage } from './apply-page.ts';
import { backoff } from './backoff.ts';
import { withDeadline } from './deadline.ts';
import { afterSeeing, headOf, type Known, readKnown } from './known.ts';
import { MOST_ROWS, PageSize } from './page-size.ts';
import { countAttempt, countUndone, nextBatch, recordResults, subjectsOf, type Waiting } from './queue.ts';

/** Commands of one push, at most. */
export const BATCH = 500;
/** Well under the megabyte that servers and what stands before them take. */
const BATCH_BYTES = 300_000;
/** Should a hint be lost, the next look is no later than this. */
export const POLL_MS = 30_000;

/** A request that has said nothing for so long is given up: nothing may stay in the queue without a visible reason (SY8). */
const STUCK_MS = 60_000;

const AGE_EVERY_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

export type Problem = WayProblem | 'protocol' | 'server-fault' | 'sign-in-needed' | 'disk-full' | 'disk-fault';

export interface EngineState {
  readonly connection: 'online' | 'connecting' | 'offline';
  readonly offlineSince: number | null;
  readonly nextRetryAt: number | null;
  readonly problem: Problem | null;
}

export interface EngineOptions {
  readonly cache: Cache;
  readonly hub: ChangeHub;
  readonly transport: Transport;
  readonly tokens: Tokens;
  readonly url: string;
  readonly deviceId: string;
  readonly me: () => Account;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly logger: Logger;
  /** `attach` commands whose bytes are not with the server yet. */
  readonly waiting: () => readonly Waiting[];
  /** Tickets came from others: told in the transaction of the page that brings them, so that no crash forgets it. */
  readonly onReceived: (db: Reader, events: readonly TicketEvent[]) => void;
  /** After each page: reminders follow what it brought. */
  readonly onApplied: () => void;
  /** The server refused something: what it had done here is gone, and a callback may stand again as it was. */
  readonly onRefused: () => void;
  /** Somebody calls, says the server. */
  readonly onCall: (call: LiveCall) => void;
  /** The server answered; the lease starts anew. */
  readonly onContact: () => void;
  /** The session cannot be renewed. */
  readonly onEnded: (reason: 'session-ended' | 'account-disabled') => void;
}

/** Moves commands to the server and rows from it: one cycle at a time, on a kick, a hint, a poll or after a wait. */
export class SyncEngine {
  readonly #o: EngineOptions;
  #state: EngineState;
  readonly #pageSize = new PageSize();
  #failures = 0;
  /** The server asked not to be asked before: whatever kicks has to wait, too. */
  #askedWait: { readonly until: number; readonly ms: number } | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #cancelTimer: () => void = () => {};
  #live: { close(): void } | null = null;

  constructor(options: EngineOptions) {
    this.#o = options;
    this.#state = { connection: 'connecting', offlineSince: null, nextRetryAt: null, problem: null };
  }

  get state(): EngineState {
    return this.#state;
  }

  start(): void {
    this.kick();
  }

  /** Looks at once, or once more after the cycle that runs. */
  kick(): void {
    if (this.#stopped) return;
    this.#cancelTimer();
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    const left = this.#askedWait === null ? 0 : this.#askedWait.until - this.#o.clock.now();
    // A clock that was set back must not make it longer.
    if (left > 0 && left <= this.#askedWait!.ms) return this.#later(left);
    // Not in this turn: whoever kicks has something to answer first, and a push writes to the disk.
    this.#running = soon()
      .then(() => this.#cycle())
      .finally(() => {
        this.#running = null;
        if (this.#again && !this.#stopped) {
          this.#again = false;
          this.kick();
        }
      });
  }

  /** Ends after the request that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    this.#live?.close();
    this.#live = null;
    await this.#running;
  }

  async #cycle(): Promise<void> {
    if (this.#stopped) return;
    try {
      let decidedAll = await this.#push();
      // What the server forgot goes to it before its rows are read further: they would lack it.
      while ((await this.#pull()) === 'push-first') decidedAll = await this.#push();
      this.#ageOut();
      if (this.#stopped) return;
      this.#o.onContact();
      // What the server could not decide is tried again after a wait; it holds back neither the rest nor the pull.
      if (!decidedAll) throw new TransportError('rejected', 'internal');
      this.#failures = 0;
      this.#askedWait = null;
      this.#openLive();
      this.#set({ connection: 'online', offlineSince: null, nextRetryAt: null, problem: null });
      this.#later(POLL_MS);
    } catch (error) {
      if (!this.#stopped) this.#fail(error);
    }
  }

  /** @returns whether everything in the queue has been decided */
  async #push(): Promise<boolean> {
    const { cache, clock, deviceId, hub, me, transport, url } = this.#o;
    const held = new Set<string>();
    let count = BATCH;
    for (;;) {
      const batch = nextBatch(cache.db, { count, bytes: BATCH_BYTES }, held, this.#o.waiting());
      if (batch.length === 0 || this.#stopped) return held.size === 0;
      const ids = batch.map((row) => row.commandId);
      const known = readKnown(cache.db);
      const request = { protocol: PROTOCOL_VERSION, deviceId, ...known, commands: batch.map(toCommand) };
      countAttempt(cache, ids);
      let results: readonly PushResult[];
      let epoch: string | null = null;
      try {
        ({ results, epoch } = await this.#ask('push', (token) => transport.push(url, token, request)));
      } catch (error) {
        if (!(error instanceof TransportError) || error.code !== 'too-large') throw error;
        // Alone too large means never: the agent has to know.
        if (batch.length === 1) results = [{ id: ids[0]!, status: 'refused', refusal: { code: 'bad-arguments', detail: 'too-large' } }];
        else {
          count = Math.floor(batch.length / 2);
          continue;
        }
      }
      if (this.#stopped) return false;
      // Another history: the next page says so, and what it forgot goes to it first.
      if (epoch !== null && known.epoch !== null && epoch !== known.epoch) return false;
      const { tickets, decided, refused } = recordResults(cache, results, me(), clock.now(), epoch);
      // Now and not with the next page, which may be long in coming.
      if (refused) this.#o.onRefused();
      // Of commands only this one changes an account; whatever shows people and groups is not read again for the others.
      const people = batch.some(({ kind }) => kind === 'setDuty') ? (['directory', 'session'] as const) : [];
      const others = refused ? (['customers', 'personal'] as const) : [];
      hub.emit(['outbox', 'sync', 'tickets', ...others, ...people], tickets);
      this.#o.logger.info('sync.pushed', { commands: batch.length, decided });
      const answered = new Set(results.filter((r) => r.status !== 'failed').map((r) => r.id));
      for (const row of batch) if (!answered.has(row.commandId)) for (const subject of subjectsOf(row)) held.add(subject);
    }
  }

  async #pull(): Promise<'done' | 'push-first'> {
    let next = this.#askPage(this.#place());
    for (;;) {
      const page = await next.answer;
      if (this.#stopped) return 'done';
      // Going on with it would turn in a circle, or pass a part off as the whole.
      if (!leadsOn(next.place, page)) throw new TransportError('garbage');
      const following = placeAfter(next.place, page);
      const ahead = following && this.#askPage(following);
      let applied: Applied | null = null;
      try {
        // While a page of a snapshot is written, the next is on its way.
        if (ahead !== null) await nextTurn();
        if (!this.#stopped) applied = this.#apply(page);
      } finally {
        if (applied === null) await ahead?.answer.catch(() => {});
      }
      if (applied === null) return 'done';
      // At the end of a snapshot both have much to do, and whoever asks meanwhile should not wait for both.
      if (page.mode === 'snapshot' && page.after === null) await nextTurn();
      if (this.#stopped) return 'done';
      this.#o.onApplied();
      if (applied.requeued !== null) return 'push-first';
      if (ahead === null && page.mode !== 'reset' && page.after === null && !page.more) return 'done';
      next = ahead ?? this.#askPage(this.#place());
    }
  }

  #place(): Place {
    const { db } = this.#o.cache;
    const cursor = readMeta(db, 'cursor');
    return {
      ...readKnown(db),
      view: readMeta(db, 'view'),
      cursor: cursor === null ? null : Number(cursor),
      after: readMeta(db, 'after'),
    };
  }

  #askPage(place: Place): { readonly place: Place; readonly answer: Promise<PullResponse> } {
    const { cache, transport, url } = this.#o;
    // Each page has what is queued decided again, so it should be worth it.
    const limit = Math.max(this.#pageSize.rows, Math.min(MOST_ROWS, countUndone(cache.db)));
    const request = { protocol: PROTOCOL_VERSION, ...place, limit };
    const answer = this.#ask('pull', (token) => transport.pull(url, token, request));
    // It may fail before anybody waits for it.
    answer.catch(() => {});
    return { place, answer };
  }

  #apply(page: PullResponse): Applied {
    const { cache, clock, hub, logger, me, onReceived } = this.#o;
    const begun = clock.now();
    const applied = applyPage(cache, page, me(), begun, onReceived);
    if (page.more || page.after !== null) this.#pageSize.took(clock.now() - begun);
    hub.emit(['sync', ...applied.topics], applied.tickets);
    if (applied.requeued !== null) logger.warn('sync.epoch', { requeued: applied.requeued });
    return applied;
  }

  /** What has grown older than the window goes; by the server's time, some hours apart. */
  #ageOut(): void {
    const { cache, clock, hub, logger } = this.#o;
    const now = clock.now();
    if (this.#stopped || Math.abs(now - Number(readMeta(cache.db, 'agedAt') ?? 0)) < AGE_EVERY_MS) return;
    const serverNow = Number(readMeta(cache.db, 'serverSeenAt') ?? 0);
    const gone = cache.transaction((db) => {
      writeMeta(db, 'agedAt', String(now));
      // A day later than the server stops sending them, so that what it has just sent does not go at once.
      return ageOut(db, serverNow - (readParameters(db).cacheDays + 1) * DAY_MS, now);
    });
    if (gone === 0) return;
    logger.info('sync.aged', { tickets: gone });
    hub.emit(['tickets', 'customers'], null);
  }

  #ask<T>(what: string, send: (token: string) => Promise<T>): Promise<T> {
    const { logger, timers, tokens } = this.#o;
    return withDeadline(timers, STUCK_MS, tokens.authorised(send), () => logger.error('sync.stuck', { what }));
  }

  #openLive(): void {
    const token = this.#o.tokens.current;
    if (this.#live !== null || token === null) return;
    const live = this.#o.transport.live(this.#o.url, token, {
      // What was committed between the last pull and now came without a hint.
      open: () => this.kick(),
      message: (message) => {
        if (message.type === 'call') this.#o.onCall(message);
        // Whatever else it says, the pull finds out what is true.
        else this.kick();
      },
      close: () => {
        if (this.#live !== live) return;
        this.#live = null;
        if (this.#stopped || this.#state.connection !== 'online') return;
        this.#set({ ...this.#state, connection: 'connecting' });
        this.#failures = 1;
        this.#later(backoff(1, this.#o.random(), null));
      },
    });
    this.#live = live;
  }

  #fail(error: unknown): void {
    const known = error instanceof TransportError ? error : null;
    if (known === null)
      this.#o.logger.error('sync.fault', {
        error: error instanceof Error ? error.name : 'unknown',
        message: error instanceof Error ? error.message.slice(0, 200) : '',
      });
    if (known?.code === 'unauthorized' || known?.code === 'account-disabled') {
      this.#live?.close();
      this.#live = null;
      this.#set({ ...this.#state, connection: 'offline', problem: 'sign-in-needed', nextRetryAt: null });
      this.#o.onEnded(known.code === 'account-disabled' ? 'account-disabled' : 'session-ended');
      return;
    }
    this.#failures += 1;
    const wait = backoff(this.#failures, this.#o.random(), known?.retryAfter ?? null);
    const now = this.#o.clock.now();
    this.#askedWait = known?.retryAfter == null ? null : { until: now + wait, ms: wait };
    this.#set({
      connection: 'offline',
      offlineSince: this.#state.offlineSince ?? now,
      nextRetryAt: now + wait,
      problem: problemOf(error),
    });
    this.#later(wait);
  }

  #later(ms: number): void {
    this.#cancelTimer();
    // Timers end at a minute; a longer wait (Retry-After) is taken in steps.
    this.#cancelTimer = this.#o.timers.after(Math.min(ms, 60_000), () => (ms > 60_000 ? this.#later(ms - 60_000) : this.kick()));
  }

  #set(state: EngineState): void {
    this.#state = state;
    this.#o.hub.emit(['sync']);
  }
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Timers and what arrives have their turn, too: after one `setImmediate` alone an answer that was just read would be next. */
const nextTurn = (): Promise<void> => soon().then(soon);

/** From where a device reads on, and what it knows. */
type Place = Pick<PullRequest, 'view' | 'cursor' | 'after'> & Known;

/** Where a page leads to, if that can be told before it is written. null: it cannot. */
function placeAfter(place: Place, page: PullResponse): Place | null {
  if (page.mode !== 'snapshot' || page.after === null || (place.epoch !== null && place.epoch !== page.epoch)) return null;
  const head = headOf(page);
  return { ...afterSeeing({ ...place, epoch: page.epoch }, head.seq, head.mark), view: page.view, cursor: null, after: page.after };
}

/** Whether a page answers what was asked and brings the reader further. */
function leadsOn(place: Place, page: PullResponse): boolean {
  switch (page.mode) {
    case 'reset':
      return place.cursor !== null || place.after !== null;
    case 'snapshot':
      return place.cursor === null && (page.after === null || page.after !== place.after);
    case 'delta':
      return place.cursor !== null && (page.more ? page.cursor > place.cursor : page.cursor >= place.cursor);
    default:
      return assertNever(page.mode);
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof StorageError) return error.fault === 'full' ? 'disk-full' : 'disk-fault';
  if (!(error instanceof TransportError)) return 'server-fault';
  return error.way ?? (error.code === 'protocol-unsupported' ? 'protocol' : 'server-fault');
}
