import { and, asc, eq, inArray, lte, or, sql } from 'drizzle-orm';
import type { Cache } from '../../db/open.ts';
import { reminders } from '../../db/schema/tables.ts';
import type { Account } from '../../shared/domain/people.ts';
import { localDay, startOfDay } from '../../shared/domain/reminders/buckets.ts';
import type { TicketEvent } from '../../shared/domain/tickets.ts';
import type { Clock, Timers } from '../../shared/lib/clock.ts';
import type { IdSource } from '../../shared/lib/ids.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import type { ChangeHub } from '../live/changes.ts';
import type { Host } from '../ports.ts';
import { isComplete } from '../sync/apply-page.ts';
import { describe } from './describe.ts';
import { expiringTickets } from './expiring.ts';
import { arm, close, isArmed, markShown, type ReminderRow } from './ledger.ts';
import { reconcile } from './reconcile.ts';
import { actionLabels, digestText, type Locale, notificationText } from './texts.ts';

/** A wall-clock tick: a long timer neither survives sleep nor a changed clock. */
const TICK_MS = 500;
/** Up to this many due at once are shown singly; more become one digest. */
const SINGLES = 3;
const NOTIFY_TIMEOUT_MS = 5_000;

export interface SchedulerOptions {
  readonly cache: Cache;
  readonly hub: ChangeHub;
  readonly host: Host;
  readonly me: () => Account;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: IdSource;
  readonly zone: () => string;
  readonly settings: () => { readonly locale: Locale; readonly expiryNoticeAt: number };
  readonly logger: Logger;
}

/** Shows each reminder once, when its time has come, network or not. */
export class ReminderScheduler {
  readonly #o: SchedulerOptions;
  #stopTick: () => void = () => {};
  #delivering: Promise<void> | null = null;
  #stopped = false;
  #enteredBeforeSync = false;

  readonly #dueRows: { all(values: { now: number }): readonly ReminderRow[] };

  constructor(options: SchedulerOptions) {
    this.#o = options;
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

  /** Tickets that came from others become reminders; then as `refresh`. */
  received(events: readonly TicketEvent[]): void {
    const { cache, clock, ids } = this.#o;
    if (events.length > 0) {
      const now = clock.now();
      cache.transaction((db) => {
        for (const event of events) {
          const kind = event.command === 'transfer' ? 'transfer' : 'assignment';
          arm(db, ids, { kind, subject: event.id, ticketId: event.ticketId, showAt: event.receivedAt ?? now }, now);
        }
      });
    }
    this.refresh();
  }

  /** The rows changed: arms what is new, withdraws what no longer stands. */
  refresh(): void {
    const { cache, clock, hub, ids, me } = this.#o;
    // While a snapshot is coming in, a missing row means nothing.
    if (this.#stopped || !isComplete(cache.db)) return;
    const withdrawn = cache.transaction((db) => reconcile(db, ids, me(), clock.now()));
    for (const reminder of withdrawn) this.#withdrawNative(reminder);
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
      const day = { kind: 'expiry' as const, subject: localDay(now, zone()), ticketId: null, showAt: startOfDay(now, zone()) };
      if (!arm(db, ids, day, now)) return;
      const row = db
        .select()
        .from(reminders)
        .where(and(eq(reminders.kind, 'expiry'), eq(reminders.subject, day.subject)))
        .get();
      if (row) markShown(db, row.id, null, now, 'first entry');
    });
    hub.emit(['reminders']);
  }

  /** Looks at the clock. Does nothing while a delivery is under way, so that nothing is shown twice. */
  tick(): void {
    // Off duty all is held; what fell due is told, as one where it is much, when the agent is back.
    if (this.#stopped || this.#delivering !== null || this.#o.me().duty === 'off') return;
    this.#armExpiryNotice();
    const due = this.#due();
    // While a snapshot is coming in nothing can be told about a reminder's ticket.
    if (due.length === 0 || !isComplete(this.#o.cache.db)) return;
    this.#delivering = this.#deliver(due)
      .catch((error: unknown) => this.#o.logger.error('reminder.fault', { error: error instanceof Error ? error.name : 'unknown' }))
      .finally(() => {
        this.#delivering = null;
      });
  }

  #due(): readonly ReminderRow[] {
    return this.#dueRows.all({ now: this.#o.clock.now() });
  }

  async #deliver(due: readonly ReminderRow[]): Promise<void> {
    const kinds = new Map<ReminderRow['kind'], ReminderRow[]>();
    for (const r of due) kinds.set(r.kind, [...(kinds.get(r.kind) ?? []), r]);
    for (const [kind, list] of kinds) {
      if (kind === 'expiry') for (const r of list) await this.#deliverExpiry(r);
      else if (list.length > SINGLES) await this.#deliverDigest(kind, list);
      else for (const r of list) await this.#deliverOne(r);
    }
    // What fell due is overdue from this moment in every list.
    this.#o.hub.emit(['reminders', 'clock']);
  }

  async #deliverOne(reminder: ReminderRow): Promise<void> {
    const { cache } = this.#o;
    // It may have been withdrawn while the one before it was shown.
    if (!isArmed(cache.db, reminder.id)) return;
    const { locale } = this.#o.settings();
    const subject = describe(cache.db, reminder);
    const labels = actionLabels[locale];
    const shown = await this.#show({
      id: reminder.id,
      kind: reminder.kind,
      ...notificationText(subject, locale, this.#o.zone()),
      ticketId: reminder.ticketId,
      actions:
        reminder.kind === 'callback'
          ? (['open', 'contacted', 'snooze'] as const).map((action) => ({ action, label: labels[action] }))
          : [{ action: 'open', label: labels.open }],
    });
    this.#mark([reminder], null, shown);
  }

  async #deliverDigest(kind: ReminderRow['kind'], due: readonly ReminderRow[]): Promise<void> {
    const { cache, ids } = this.#o;
    const list = due.filter((r) => isArmed(cache.db, r.id));
    if (list.length === 0) return;
    const { locale } = this.#o.settings();
    const digest = `digest:${ids()}`;
    const lines = list.slice(0, 3).map((r) => describe(cache.db, r).subject);
    const shown = await this.#show({ id: digest, kind, ...digestText(kind, lines, list.length, locale), ticketId: null, actions: [] });
    this.#mark(list, digest, shown);
  }

  async #deliverExpiry(reminder: ReminderRow): Promise<void> {
    const { cache, clock, me, zone } = this.#o;
    const { locale } = this.#o.settings();
    const list = expiringTickets(cache.db, me().id, clock.now(), zone());
    const lines = list.slice(0, 3).map((t) => t.subject);
    const shown =
      list.length === 0 ||
      (await this.#show({
        id: reminder.id,
        kind: 'expiry',
        ...digestText('expiry', lines, list.length, locale),
        ticketId: null,
        actions: [],
      }));
    const now = clock.now();
    cache.transaction((db) => {
      markShown(db, reminder.id, null, now, shown ? '' : 'denied');
      // Natively only: the list in the window comes with the first entry.
      close(db, reminder.id, list.length === 0 ? 'missed' : 'acted', now, list.length === 0 ? 'nothing expires' : 'native');
    });
  }

  #mark(list: readonly ReminderRow[], digest: string | null, shown: boolean): void {
    const { cache, clock } = this.#o;
    const standing = cache.transaction((db) => list.filter((r) => markShown(db, r.id, digest, clock.now(), shown ? '' : 'denied')));
    // Withdrawn while the desktop was showing it.
    if (standing.length === 0) for (const r of list) this.#withdrawNative({ ...r, digest });
  }

  async #show(what: Parameters<Host['call']>[1] & { readonly id: string }): Promise<boolean> {
    const { host, logger, timers } = this.#o;
    // A desktop that does not answer must not hold back the next reminder.
    let cancel = (): void => {};
    const late = new Promise<false>((resolve) => {
      cancel = timers.after(NOTIFY_TIMEOUT_MS, () => resolve(false));
    });
    try {
      const answer = host.call('notify.show', what as never).then((r) => r.shown);
      return await Promise.race([answer, late]);
    } catch {
      logger.warn('reminder.native-failed');
      return false;
    } finally {
      cancel();
    }
  }

  #withdrawNative(reminder: ReminderRow): void {
    this.#o.host.call('notify.withdraw', { id: reminder.digest ?? reminder.id }).catch(() => {});
  }

  /** Once a day, at the agent's time, also when the app starts later. */
  #armExpiryNotice(): void {
    const { cache, clock, ids, settings, zone } = this.#o;
    const now = clock.now();
    // Calendar arithmetic is dear and a notice in the minute is enough.
    if (Math.floor(now / 60_000) === this.#noticeMinute) return;
    this.#noticeMinute = Math.floor(now / 60_000);
    const day = localDay(now, zone());
    if (this.#noticeDay === day) return;
    const at = startOfDay(now, zone()) + settings().expiryNoticeAt * 60_000;
    if (now < at) return;
    this.#noticeDay = day;
    cache.transaction((db) =>
      arm(db, ids, { kind: 'expiry', subject: `${day} native`, ticketId: null, showAt: startOfDay(now, zone()), quiet: true }, now),
    );
  }
  #noticeDay = '';
  #noticeMinute = -1;
}
