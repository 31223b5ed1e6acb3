import type { Cache } from '../../db/open.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { StepReason } from '../../shared/domain/reminders/reminder.ts';
import type { CoreContext } from '../context.ts';
import type { Host } from '../ports.ts';
import { describe } from './describe.ts';
import { expiringTickets } from './expiring.ts';
import { close, isArmed, markShown, type ReminderRow, type Why } from './ledger.ts';
import { actionLabels, digestText, type Locale, notificationText, replyLabel, testText } from './texts.ts';

const NOTIFY_TIMEOUT_MS = 5_000;
const LINES = 3;

export interface DeliveryOptions extends Pick<CoreContext, 'host' | 'clock' | 'timers' | 'ids' | 'zone' | 'logger'> {
  readonly cache: Cache;
  readonly me: () => Account;
  readonly locale: () => Locale;
}

/** A reminder whose time has come, and why it comes late. */
export interface Due {
  readonly reminder: ReminderRow;
  readonly why: '' | StepReason;
}

type Notice = Parameters<Host['call']>[1] & { readonly id: string };

/** Shows reminders natively and notes that they were shown; from then on they stand in the app, too. */
export class Delivery {
  readonly #o: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#o = options;
  }

  async one({ reminder, why }: Due): Promise<void> {
    const { cache, locale, zone } = this.#o;
    if (!this.#isStillDue(reminder)) return;
    if (reminder.kind === 'expiry') return this.#expiry(reminder, why);
    const labels = actionLabels[locale()];
    const shown = await this.#show({
      id: reminder.id,
      kind: reminder.kind,
      ...notificationText(describe(cache.db, reminder), locale(), zone()),
      ticketId: reminder.ticketId,
      actions:
        reminder.kind === 'callback'
          ? (['open', 'contacted', 'snooze'] as const).map((action) => ({ action, label: labels[action] }))
          : [{ action: 'open', label: labels.open }],
      reply: reminder.ticketId === null ? null : replyLabel[locale()],
    });
    this.#mark([{ reminder, why }], null, shown);
  }

  /** Several as one; of several kinds, or all of one. */
  async digest(due: readonly Due[]): Promise<void> {
    const { cache, clock, ids, locale } = this.#o;
    const list = due.filter(({ reminder }) => this.#isStillDue(reminder));
    if (list.length === 0) return;
    const digest = `digest:${ids()}`;
    const kinds = new Set(list.map((d) => d.reminder.kind));
    const kind = kinds.size === 1 ? list[0]!.reminder.kind : 'mixed';
    const lines = list.slice(0, LINES).map(({ reminder }) => this.#line(reminder));
    const shown = await this.#show({
      id: digest,
      kind,
      ...digestText(kind, lines, list.length, locale()),
      ticketId: null,
      actions: [],
      reply: null,
    });
    const news = list.filter((d) => d.reminder.kind !== 'expiry');
    this.#mark(news, digest, shown);
    cache.transaction((db) => {
      for (const { reminder, why } of list) if (reminder.kind === 'expiry') this.#closeExpiry(db, reminder, why, shown, clock.now());
    });
  }

  /** As those to come look. @returns whether the system let it through */
  test(): Promise<boolean> {
    return this.#show({ id: 'test', kind: 'callback', ...testText[this.#o.locale()], ticketId: null, actions: [], reply: null });
  }

  withdraw({ digest, id }: Pick<ReminderRow, 'digest' | 'id'>): void {
    this.#o.host.call('notify.withdraw', { id: digest ?? id }).catch(() => {});
  }

  /** While the one before it was shown it may have been withdrawn, or the clock been set back. */
  #isStillDue({ id, kind, showAt }: ReminderRow): boolean {
    return isArmed(this.#o.cache.db, id) && (kind !== 'callback' || showAt <= this.#o.clock.now());
  }

  #line(reminder: ReminderRow): string {
    const { cache, locale } = this.#o;
    if (reminder.kind !== 'expiry') return describe(cache.db, reminder).subject;
    return digestText('expiry', [], this.#expiring().length, locale()).title;
  }

  #expiring(): ReturnType<typeof expiringTickets> {
    const { cache, clock, me, zone } = this.#o;
    return expiringTickets(cache.db, me().id, clock.now(), zone());
  }

  async #expiry(reminder: ReminderRow, why: Due['why']): Promise<void> {
    const { cache, clock, locale } = this.#o;
    const list = this.#expiring();
    const lines = list.slice(0, LINES).map((t) => t.subject);
    const text = digestText('expiry', lines, list.length, locale());
    const shown =
      list.length === 0 || (await this.#show({ id: reminder.id, kind: 'expiry', ...text, ticketId: null, actions: [], reply: null }));
    cache.transaction((db) => {
      if (list.length > 0) return this.#closeExpiry(db, reminder, why, shown, clock.now());
      close(db, reminder.id, 'withdrawn', clock.now(), 'nothing');
    });
  }

  /** Natively only: the list in the window comes with the first entry. */
  #closeExpiry(db: Cache['db'], { id }: ReminderRow, why: Due['why'], shown: boolean, now: number): void {
    if (markShown(db, id, null, now, whyOf(why, shown))) close(db, id, 'acted', now, 'native');
  }

  #mark(list: readonly Due[], digest: string | null, shown: boolean): void {
    const { cache, clock } = this.#o;
    const standing = cache.transaction((db) =>
      list.filter(({ reminder, why }) => markShown(db, reminder.id, digest, clock.now(), whyOf(why, shown))),
    );
    // Withdrawn while the desktop was showing it.
    if (standing.length === 0) for (const { reminder } of list) this.withdraw({ ...reminder, digest });
  }

  async #show(what: Notice): Promise<boolean> {
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
}

const whyOf = (why: Due['why'], shown: boolean): Why => (shown ? why : why === '' ? 'denied' : `${why} denied`);
