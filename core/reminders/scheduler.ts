import { and, asc, eq, inArray, lte, or, sql } from 'drizzle-orm';
import type { Reader } from '../../db/reader.ts';
import { reminders } from '../../db/schema/tables.ts';
import { localDay, startOfDay } from '../../shared/domain/reminders/buckets.ts';
import { type Hold, LATE_MS, type StepReason } from '../../shared/domain/reminders/reminder.ts';
import type { TicketEvent } from '../../shared/domain/tickets.ts';
import type { Settings } from '../api/settings.ts';
import type { ChangeHub } from '../live/changes.ts';
import { isComplete } from '../sync/apply-page.ts';
import { Delivery, type DeliveryOptions } from './delivery.ts';
import { expiringTickets } from './expiring.ts';
import { holdOf, pausedUntil } from './holds.ts';
import { arm, armDay, forgetOld, heldBefore, markHeld, markShown, type ReminderRow } from './ledger.ts';
import { reconcile } from './reconcile.ts';

/** A wall-clock tick: a long timer neither survives sleep nor a changed clock. */
const TICK_MS = 500;
/** Up to this many due at once are shown singly; more become one digest. */
const SINGLES = 3;

export interface SchedulerOptions extends Omit<DeliveryOptions, 'locale'> {
  readonly hub: ChangeHub;
  readonly settings: () => Pick<Settings, 'locale' | 'expiryNoticeAt' | 'quiet'>;
}

/** Shows each reminder once, when its time has come, network or not. */
export class ReminderScheduler {
  readonly #o: SchedulerOptions;
  readonly #delivery: Delivery;
  #stopTick: () => void = () => {};
  #delivering: Promise<void> | null = null;
  #stopped = false;
  #enteredBeforeSync = false;
  readonly #startedAt: number;
  /** When the last tick was, device time. */
  #ticked: number;
  #slept: { readonly from: number; readonly to: number } | null = null;
  /** Due and waiting, and why. */
  #held: ReadonlyMap<string, Hold> = new Map();
  #acting: string | null = null;
  #noticeDay = '';
  #lookedMinute = -1;

  readonly #dueRows: { all(values: { now: number }): readonly ReminderRow[] };

  constructor(options: SchedulerOptions) {
    this.#o = options;
    this.#delivery = new Delivery({ ...options, locale: () => options.settings().locale });
    this.#ticked = this.#startedAt = options.clock.now();
    // Prepared: it runs twice a second.
    this.#dueRows = options.cache.db
      .select()
      .from(reminders)
      // News has no time of its own: the server's may lie ahead of this device's clock.
      .where(
        and(
          eq(reminders.state, 'armed'),
          or(lte(reminders.showAt, sql.placeholder('now')), inArray(reminders.kind, ['transfer', 'assignment'])),
        ),
      )
      .orderBy(asc(reminders.showAt))
      .prepare();
  }

  start(): void {
    this.#stopTick = this.#o.timers.every(TICK_MS, () => this.tick());
    this.refresh();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopTick();
    await this.#delivering;
  }

  /** Tickets that came from others become reminders, in the transaction that brings them; `refresh` shows them. */
  received(db: Reader, events: readonly TicketEvent[]): void {
    const { clock, ids } = this.#o;
    const now = clock.now();
    for (const event of events) {
      const kind = event.command === 'transfer' ? 'transfer' : 'assignment';
      arm(db, ids, { kind, subject: event.id, ticketId: event.ticketId, showAt: event.receivedAt ?? now }, now);
    }
  }

  /** Runs what the agent does about a reminder: it is theirs to end, and not withdrawn for it. */
  acting<T>(reminderId: string, run: () => T): T {
    this.#acting = reminderId;
    try {
      return run();
    } finally {
      this.#acting = null;
    }
  }

  /** @returns whether the system let it through */
  test(): Promise<boolean> {
    return this.#delivery.test();
  }

  /** The rows changed: arms what is new, withdraws what no longer stands. */
  refresh(): void {
    const { cache, clock, hub, ids, me } = this.#o;
    // While a snapshot is coming in, a missing row means nothing.
    if (this.#stopped || !isComplete(cache.db)) return;
    const withdrawn = cache.transaction((db) => reconcile(db, ids, me(), clock.now(), this.#acting));
    for (const reminder of withdrawn) this.#delivery.withdraw(reminder);
    if (this.#enteredBeforeSync) this.enterMyTickets();
    hub.emit(['reminders']);
    this.tick();
  }

  /** First entry to 我的工单 on a local day: the popup of expiring tickets (X31). */
  enterMyTickets(): void {
    const { cache, clock, hub, ids, me, zone } = this.#o;
    if (!isComplete(cache.db)) {
      this.#enteredBeforeSync = true;
      return;
    }
    this.#enteredBeforeSync = false;
    const now = clock.now();
    const expiring = expiringTickets(cache.db, me().id, now, zone());
    if (expiring.length === 0) return;
    cache.transaction((db) => {
      const id = armDay(db, ids, localDay(now, zone()), false, startOfDay(now, zone()), now);
      if (id !== null) markShown(db, id, null, now, 'first-entry');
    });
    hub.emit(['reminders']);
  }

  /** Looks at the clock. Does nothing while a delivery is under way, so that nothing is shown twice. */
  tick(): void {
    if (this.#stopped) return;
    const now = this.#o.clock.now();
    // Ticks come twice a second: where none came for longer, the computer slept or its clock was moved.
    if (now - this.#ticked > LATE_MS) this.#slept = { from: this.#ticked, to: now };
    this.#ticked = now;
    if (this.#delivering !== null) return;
    this.#daily(now);
    const rows = this.#dueRows.all({ now });
    // While a snapshot is coming in nothing can be told about a reminder's ticket.
    if (rows.length === 0 || !isComplete(this.#o.cache.db)) return;
    const due = this.#unheld(rows, now);
    if (due.length === 0) return;
    this.#delivering = this.#deliver(due)
      .catch((error: unknown) => this.#o.logger.error('reminder.fault', { error: error instanceof Error ? error.name : 'unknown' }))
      .finally(() => {
        this.#delivering = null;
      });
  }

  /** Those that need not wait. That the others have to is noted once. */
  #unheld(rows: readonly ReminderRow[], now: number): readonly ReminderRow[] {
    const { cache, me, settings, zone } = this.#o;
    const circumstances = { now, zone: zone(), duty: me().duty, pausedUntil: pausedUntil(cache.db, now), quiet: settings().quiet };
    const held = rows.flatMap((r) => {
      const why = holdOf(r.kind, circumstances);
      return why === null ? [] : [{ id: r.id, why }];
    });
    const fresh = held.filter(({ id, why }) => this.#held.get(id) !== why);
    this.#held = new Map(held.map(({ id, why }) => [id, why]));
    if (fresh.length > 0) {
      const known = heldBefore(
        cache.db,
        fresh.map((f) => f.id),
      );
      cache.transaction((db) => {
        for (const { id, why } of fresh) if (known.get(id) !== why) markHeld(db, id, now, why);
      });
      this.#o.hub.emit(['reminders']);
    }
    return rows.filter((r) => !this.#held.has(r.id));
  }

  async #deliver(rows: readonly ReminderRow[]): Promise<void> {
    const { cache, hub } = this.#o;
    const held = heldBefore(
      cache.db,
      rows.map((r) => r.id),
    );
    const due = rows.map((reminder) => ({ reminder, why: held.get(reminder.id) ?? this.#whyLate(reminder) }));
    // What was held is told as one, whatever its kinds.
    const [after, now] = [due.filter((d) => held.has(d.reminder.id)), due.filter((d) => !held.has(d.reminder.id))];
    if (after.length > 1) await this.#delivery.digest(after);
    else for (const one of after) await this.#delivery.one(one);
    for (const [kind, list] of Map.groupBy(now, (d) => d.reminder.kind)) {
      if (kind !== 'expiry' && list.length > SINGLES) await this.#delivery.digest(list);
      else for (const one of list) await this.#delivery.one(one);
    }
    // What fell due is overdue from this moment in every list.
    hub.emit(['reminders', 'clock']);
  }

  #whyLate({ kind, showAt }: ReminderRow): '' | StepReason {
    // News comes when it comes.
    if (kind !== 'callback' || this.#o.clock.now() - showAt <= LATE_MS) return '';
    if (showAt < this.#startedAt) return 'not-running';
    return this.#slept !== null && showAt > this.#slept.from && showAt <= this.#slept.to ? 'asleep' : '';
  }

  /** What comes once a day: the notice of what expires, at the agent's time or when the app starts later. */
  #daily(now: number): void {
    const { cache, ids, settings, zone } = this.#o;
    // Calendar arithmetic is dear and a notice in the minute is enough.
    if (Math.floor(now / 60_000) === this.#lookedMinute) return;
    this.#lookedMinute = Math.floor(now / 60_000);
    const day = localDay(now, zone());
    if (this.#noticeDay === day) return;
    const at = startOfDay(now, zone()) + settings().expiryNoticeAt * 60_000;
    if (now < at) return;
    this.#noticeDay = day;
    cache.transaction((db) => {
      armDay(db, ids, day, true, startOfDay(now, zone()), now);
      forgetOld(db, now);
    });
  }
}
