import { asc, eq } from 'drizzle-orm';
import { countBuckets, countOverdue, readBucket } from '../../db/reads/buckets.ts';
import { countList } from '../../db/reads/ticket-lists.ts';
import { accounts, reminders } from '../../db/schema/tables.ts';
import { getRow } from '../../db/writes/rows.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { InputOf, OutputOf, ParsedInputOf } from '../../shared/bridge/define.ts';
import { BridgeError } from '../../shared/bridge/errors.ts';
import { isSubordinate, mayWidenReminders } from '../../shared/domain/permissions.ts';
import { bucketWindows } from '../../shared/domain/reminders/buckets.ts';
import { assertNever } from '../../shared/lib/assert-never.ts';
import type { CoreContext } from '../context.ts';
import { describe } from '../reminders/describe.ts';
import { expiringTickets } from '../reminders/expiring.ts';
import { pause, pausedUntil } from '../reminders/holds.ts';
import { close, type ReminderRow } from '../reminders/ledger.ts';
import type { Desk } from '../session/desk.ts';
import { countByState } from '../sync/queue.ts';
import { give } from './give.ts';

type Queries = CoreContract['queries'];
type Popup = OutputOf<Queries['reminders.popups']>[number];

const MAX_ITEMS = 20;
/** 稍后, where nothing else was chosen. */
const SNOOZE_MS = 10 * 60_000;

/** Whose reminders a scope shows (X33). An agent has only `mine`. */
function holders(desk: Desk, scope: 'mine' | 'team', accountId: string | null = null): string[] {
  const me = desk.me();
  if (scope === 'mine') return [me.id];
  if (!mayWidenReminders(me)) throw new BridgeError('BadInput', 'scope');
  const team = desk.cache.db
    .select()
    .from(accounts)
    .all()
    .filter((a) => isSubordinate(me, a))
    .map((a) => a.id);
  return accountId === null ? team : team.filter((id) => id === accountId);
}

export function bucketCounts(ctx: CoreContext, desk: Desk, scope: 'mine' | 'team'): OutputOf<Queries['reminders.counts']> {
  const now = ctx.clock.now();
  return countBuckets(desk.cache.db, holders(desk, scope), bucketWindows(now, ctx.zone()), now);
}

export function bucketPage(
  ctx: CoreContext,
  desk: Desk,
  input: ParsedInputOf<Queries['reminders.bucket']>,
): OutputOf<Queries['reminders.bucket']> {
  const now = ctx.clock.now();
  const { db } = desk.cache;
  const window = bucketWindows(now, ctx.zone())[input.bucket];
  const everyone = readBucket(db, holders(desk, input.scope), window, now);
  const people = new Map<string, { accountId: string; name: string; total: number; overdue: number }>();
  if (input.scope === 'team')
    for (const row of everyone) {
      if (row.assigneeId === null) continue;
      const p = people.get(row.assigneeId) ?? { accountId: row.assigneeId, name: row.assigneeName, total: 0, overdue: 0 };
      people.set(row.assigneeId, { ...p, total: p.total + 1, overdue: p.overdue + Number(row.overdue) });
    }
  const ofPerson = input.accountId === null ? everyone : everyone.filter((r) => r.assigneeId === input.accountId);
  const rows = input.kind === 'all' ? ofPerson : ofPerson.filter((r) => r.kind === input.kind);
  return {
    ...window,
    rows: rows.slice(input.offset, input.offset + input.limit),
    total: rows.length,
    counts: {
      all: ofPerson.length,
      callback: ofPerson.filter((r) => r.kind === 'callback').length,
      expiry: ofPerson.filter((r) => r.kind === 'expiry').length,
    },
    people: [...people.values()].sort((a, b) => b.overdue - a.overdue || b.total - a.total),
  };
}

export function popups(ctx: CoreContext, desk: Desk): Popup[] {
  const { db } = desk.cache;
  const shown = db.select().from(reminders).where(eq(reminders.state, 'shown')).orderBy(asc(reminders.shownAt), asc(reminders.id)).all();
  const singles = shown.filter((r) => r.digest === null);
  const digests = Map.groupBy(
    shown.filter((r) => r.digest !== null),
    (r) => r.digest!,
  );
  return [
    ...[...digests].map(([id, list]) => digestPopup(desk, id, list)),
    ...singles.map((r) => (r.kind === 'expiry' ? expiryPopup(ctx, desk, r) : singlePopup(desk, r))),
  ];
}

function singlePopup(desk: Desk, reminder: ReminderRow): Popup {
  const { at: _, ...about } = describe(desk.cache.db, reminder);
  return { ...about, id: reminder.id, showAt: reminder.showAt, ticketId: reminder.ticketId, items: [], count: 1 };
}

function digestPopup(desk: Desk, id: string, list: readonly ReminderRow[]): Popup {
  const items = list.slice(0, MAX_ITEMS).map((r) => {
    const about = describe(desk.cache.db, r);
    return { ticketId: r.ticketId ?? '', number: about.number, subject: about.subject, at: r.showAt };
  });
  const kind = list.every((r) => r.kind === list[0]!.kind) ? list[0]!.kind : 'mixed';
  return { ...blank, id, kind, showAt: list[0]!.showAt, items: items.filter((i) => i.ticketId !== ''), count: list.length };
}

function expiryPopup(ctx: CoreContext, desk: Desk, reminder: ReminderRow): Popup {
  const list = expiringTickets(desk.cache.db, desk.me().id, ctx.clock.now(), ctx.zone());
  const items = list.slice(0, MAX_ITEMS).map((t) => ({ ticketId: t.id, number: t.number, subject: t.subject, at: t.dueAt! }));
  return { ...blank, id: reminder.id, kind: 'expiry', showAt: reminder.showAt, items, count: list.length };
}

const blank = { ticketId: null, callbackId: null, number: null, subject: '', customerName: '', phone: '', fromName: '', note: '' } as const;

/** What a button of a popup or of a native notification does; works offline, as all commands do. */
export function actOnReminder(
  ctx: CoreContext,
  desk: Desk,
  input: InputOf<CoreContract['calls']['reminders.act']>,
): OutputOf<CoreContract['calls']['reminders.act']> {
  const { db } = desk.cache;
  const list = db
    .select()
    .from(reminders)
    .where(input.id.startsWith('digest:') ? eq(reminders.digest, input.id) : eq(reminders.id, input.id))
    .all();
  const first = list[0];
  // Withdrawn meanwhile, or acted on through the other of its two faces: there is nothing left to do.
  if (first === undefined) return { ok: true, ticketId: null };
  const now = ctx.clock.now();
  const end = (step: 'opened' | 'dismissed' | 'acted' | 'snoozed'): void => {
    desk.cache.transaction((tx) => {
      for (const r of list) if (r.state !== 'closed') close(tx, r.id, step, now);
    });
    for (const r of list) ctx.host.call('notify.withdraw', { id: r.digest ?? r.id }).catch(() => {});
    ctx.hub.emit(['reminders']);
  };
  switch (input.action) {
    case 'open':
      end('opened');
      return { ok: true, ticketId: list.length === 1 ? first.ticketId : null };
    case 'dismiss':
      end('dismissed');
      return { ok: true, ticketId: null };
    case 'contacted':
    case 'snooze': {
      const callback = first.kind === 'callback' ? getRow(db, 'callback', first.subject) : null;
      if (callback === null || list.length !== 1) throw new BridgeError('BadInput', 'action');
      const base = { id: ctx.ids(), ticketId: callback.ticketId, occurredAt: now };
      const result = desk.scheduler.acting(first.id, () =>
        input.action === 'contacted'
          ? give(ctx, desk, { ...base, kind: 'completeCallback', args: { callbackId: callback.id, outcome: 'done', note: '' } })
          : give(ctx, desk, {
              ...base,
              kind: 'rescheduleCallback',
              args: { callbackId: callback.id, from: callback.dueAt, dueAt: input.until ?? now + SNOOZE_MS },
            }),
      );
      if (!result.ok) return result;
      end(input.action === 'contacted' ? 'acted' : 'snoozed');
      return { ok: true, ticketId: callback.ticketId };
    }
    default:
      return assertNever(input.action);
  }
}

export function pauseReminders(ctx: CoreContext, desk: Desk, minutes: number): { until: number | null } {
  const until = pause(desk.cache, minutes, ctx.clock.now());
  ctx.hub.emit(['reminders']);
  desk.scheduler.tick();
  return { until };
}

/** The numbers of the tray, from the same reads as the lists. */
export function tray(ctx: CoreContext, desk: Desk | null): OutputOf<Queries['reminders.tray']> {
  if (desk === null) return { signedIn: false, dueNow: 0, next: [], pending: 0, unread: 0, pausedUntil: null };
  const { db } = desk.cache;
  const now = ctx.clock.now();
  const windows = bucketWindows(now, ctx.zone());
  const me = [desk.me().id];
  const { to } = windows.next7;
  const next = readBucket(db, me, { from: now, to }, now, 3);
  return {
    signedIn: true,
    dueNow: countOverdue(db, me, { from: windows.past30.from, to }, now),
    next: next.map(({ ticketId, number, subject, at, kind }) => ({ ticketId, number, subject, at, kind })),
    pending: countByState(db, 'queued'),
    unread: countList(db, desk.me(), 'pending'),
    pausedUntil: pausedUntil(db, now),
  };
}
