import { inArray } from 'drizzle-orm';
import { type Cache } from '../../db/open.ts';
import type { Reader } from '../../db/reader.ts';
import { readMeta, readMetaJson, wantPurge, writeMeta } from '../../db/reads/meta.ts';
import {
  attachments,
  callbacks,
  customers,
  events,
  fetched,
  phrases,
  savedSearches,
  tickets,
  transfers,
  unseen,
} from '../../db/schema/tables.ts';
import { forgetLooseFiles } from '../../db/writes/attachment-files.ts';
import { forgetDone, keepAllTyped, removeCustomers, removeTickets } from '../../db/writes/leaving.ts';
import { reapplyQueue, restoreBase } from '../../db/writes/optimistic.ts';
import { getRow, putRow, replaceAll } from '../../db/writes/rows.ts';
import { clearSearch } from '../../db/writes/search-index.ts';
import type { Account } from '../../shared/domain/people.ts';
import { isRecordKind } from '../../shared/domain/commands/index.ts';
import type { TicketEvent } from '../../shared/domain/tickets.ts';
import type { PullResponse } from '../../shared/protocol/wire.ts';
import type { Topic } from '../live/changes.ts';
import { forgetSeen, headOf, noteSeen } from './known.ts';
import { requeueTaken, settleAcked } from './queue.ts';

export interface Applied {
  /** What screens read anew; a page without news leaves them alone. */
  readonly topics: ReadonlySet<Topic>;
  /** null: any may have changed. */
  readonly tickets: ReadonlySet<string> | null;
  /** So many commands go to the server again, because it was restored from a backup (SY14). null: it was not. */
  readonly requeued: number | null;
}

/**
 * Applies one page of a pull in one transaction: the server's versions come back, the page goes in, what the server has
 * taken leaves the queue, the rest of the queue runs again (SPEC 4–6). The cursor moves in the same transaction.
 * @param onReceived told, in that transaction, by which events a ticket came to this account from somebody else; only those
 * that this device had not seen
 */
export function applyPage(
  cache: Cache,
  page: PullResponse,
  me: Account,
  now: number,
  onReceived: (db: Reader, events: readonly TicketEvent[]) => void = () => {},
): Applied {
  let erased = page.evict.tickets.length + page.evict.customers.length > 0;
  const transaction = goesOn(cache.db, page) ? cache.refetchable : cache.transaction;
  const applied = transaction((db): Applied => {
    restoreBase(db);
    const epoch = readMeta(db, 'epoch');
    const restored = epoch !== null && epoch !== page.epoch;
    const requeued = restored ? requeueTaken(db) : null;
    if (restored) forgetSeen(db);
    if (restored) writeMeta(db, 'restoredAt', String(now));
    writeMeta(db, 'epoch', page.epoch);
    // It proves the history that the rows come from, and not only the part behind the cursor.
    const head = headOf(page);
    noteSeen(db, head.seq, head.mark);
    if (page.mode === 'reset') {
      // Another view: what this account may no longer see goes now, whether or not the next page ever comes. Otherwise
      // (another epoch) rows stay on screen until the first page of the new snapshot replaces them.
      const purged = page.view !== readMeta(db, 'view');
      if (purged) erased = eraseRows(db, now) || erased;
      writeMeta(db, 'cursor', null);
      writeMeta(db, 'after', null);
      reapplyQueue(db, me, now);
      erased = forgetDone(db) > 0 || erased;
      if (purged) forgetLooseFiles(db);
      if (erased) wantPurge(db);
      return { topics: new Set(world), tickets: null, requeued };
    }
    const startsSnapshot = page.mode === 'snapshot' && readMeta(db, 'after') === null;
    const syncedBefore = Number(readMeta(db, 'serverSeenAt') ?? 0);
    if (startsSnapshot) erased = eraseRows(db, now) || erased;

    // A first snapshot is history and no news; a later one may hold what came while its cursor was lost.
    const newSince = page.mode === 'delta' ? -1 : syncedBefore > 0 ? syncedBefore : Number.MAX_SAFE_INTEGER;
    const fresh = freshEvents(
      db,
      page.rows.events.filter((e) => (e.receivedAt ?? 0) > newSince),
    );
    writeRows(db, page);
    removeTickets(db, page.evict.tickets, now);
    removeCustomers(db, page.evict.customers, now);

    writeMeta(db, 'view', page.view);
    const unfinished = page.mode === 'snapshot' && page.after !== null;
    writeMeta(db, 'after', unfinished ? page.after : null);
    writeMeta(db, 'cursor', unfinished ? null : String(page.cursor));
    if (page.mode === 'snapshot') noteProgress(db, page, startsSnapshot);
    const settled = unfinished ? [] : settleAcked(db, page.cursor, now);
    if (!unfinished) {
      if (!page.more) {
        writeMeta(db, 'lastSyncedAt', String(now));
        writeMeta(db, 'serverSeenAt', String(page.now));
      }
    }
    reapplyQueue(db, me, now);
    // While a snapshot is under way most are not here yet.
    if (!unfinished) erased = forgetDone(db) + forgetLooseFiles(db) > 0 || erased;
    if (erased) wantPurge(db);

    markUnseen(db, fresh, me);
    onReceived(db, handedToMe(db, fresh, me));
    return { ...changesOf(page, settled, requeued !== null || erased), requeued };
  });
  if (erased) cache.purge();
  return applied;
}

/** What belongs to an account and comes from the server, and what waits for it. */
const world = ['tickets', 'customers', 'personal', 'outbox'] as const satisfies readonly Topic[];

/** What screens have to read anew. @param whole more than the page's own rows has changed */
function changesOf(page: PullResponse, settled: ReturnType<typeof settleAcked>, whole: boolean): Pick<Applied, 'topics' | 'tickets'> {
  const { evict, mode, rows } = page;
  const topics = new Set<Topic>();
  const changed = (topic: Topic, is: boolean): void => void (is && topics.add(topic));
  if (whole || mode !== 'delta') for (const topic of world) topics.add(topic);
  const ids = [
    ...rows.tickets.map((t) => t.id),
    ...[rows.callbacks, rows.attachments, rows.events, rows.transfers].flatMap((list) => list.map((row) => row.ticketId)),
    ...evict.tickets,
    ...settled.map((c) => c.subjectId),
  ];
  changed('tickets', ids.length > 0);
  changed('outbox', settled.length > 0);
  changed('customers', rows.customers.length + evict.customers.length > 0);
  changed('personal', rows.searches !== null || rows.phrases !== null || settled.some(({ kind }) => isRecordKind(kind)));
  const people = rows.accounts.length + rows.groups.length > 0 || rows.parameters !== null || rows.customFields !== null;
  changed('directory', people);
  changed('session', people);
  return { topics, tickets: whole || mode !== 'delta' ? null : new Set(ids) };
}

/** Whether a page stands neither at the beginning nor at the end of a snapshot. */
const goesOn = (db: Reader, page: PullResponse): boolean =>
  page.mode === 'snapshot' && page.after !== null && readMeta(db, 'after') !== null;

/** Takes all of the server's rows off the device but the directory. @returns whether there were any */
function eraseRows(db: Reader, now: number): boolean {
  keepAllTyped(db, now);
  const any = [tickets, customers, events, callbacks, attachments, transfers, unseen, fetched, savedSearches, phrases].reduce(
    (found, table) => db.delete(table).run().changes > 0 || found,
    false,
  );
  clearSearch(db);
  return any;
}

function writeRows(db: Reader, page: PullResponse): void {
  const { rows } = page;
  if (page.mode === 'snapshot' && rows.accounts.length > 0) {
    replaceAll(db, 'account', rows.accounts);
    replaceAll(db, 'group', rows.groups);
  } else {
    for (const row of rows.accounts) putRow(db, 'account', row);
    // They come as a whole when one of them changed.
    if (rows.groups.length > 0) replaceAll(db, 'group', rows.groups);
  }
  if (rows.parameters !== null) writeMeta(db, 'parameters', JSON.stringify(rows.parameters));
  if (rows.customFields !== null) replaceAll(db, 'customField', rows.customFields);
  if (rows.searches !== null) replaceAll(db, 'search', rows.searches);
  if (rows.phrases !== null) replaceAll(db, 'phrase', rows.phrases);
  for (const row of rows.customers) putRow(db, 'customer', row);
  for (const row of rows.tickets) putRow(db, 'ticket', row);
  for (const row of rows.callbacks) putRow(db, 'callback', row);
  for (const row of rows.attachments) putRow(db, 'attachment', row);
  for (const row of rows.events) putRow(db, 'event', row);
  for (const row of rows.transfers) putRow(db, 'transfer', row);
}

function noteProgress(db: Reader, page: PullResponse, first: boolean): void {
  if (page.after === null) return writeMeta(db, 'firstSync', null);
  const before = first ? 0 : ((readMetaJson(db, 'firstSync') as { done: number } | null)?.done ?? 0);
  writeMeta(db, 'firstSync', JSON.stringify({ done: before + page.rows.tickets.length, total: page.total ?? 0 }));
}

/** Those that this device has not seen. */
function freshEvents(db: Reader, list: readonly TicketEvent[]): TicketEvent[] {
  const known = new Set<string>();
  for (let i = 0; i < list.length; i += 500) {
    const ids = list.slice(i, i + 500).map((e) => e.id);
    for (const row of db.select({ id: events.id }).from(events).where(inArray(events.id, ids)).all()) known.add(row.id);
  }
  return list.filter((e) => !known.has(e.id));
}

const handOvers: readonly string[] = ['create', 'transfer', 'assign'];

/** The last event by which each ticket came to this account from somebody else. */
function handedToMe(db: Reader, list: readonly TicketEvent[], me: Account): TicketEvent[] {
  const last = new Map<string, TicketEvent>();
  for (const event of list) if (handOvers.includes(event.command)) last.set(event.ticketId, event);
  return [...last.values()].filter(
    (e) => e.actorId !== me.id && e.changes.assigneeId?.to === me.id && getRow(db, 'ticket', e.ticketId)?.assigneeId === me.id,
  );
}

function markUnseen(db: Reader, fresh: readonly TicketEvent[], me: Account): void {
  for (const event of fresh) {
    if (event.actorId === me.id || getRow(db, 'ticket', event.ticketId)?.assigneeId !== me.id) continue;
    db.insert(unseen).values({ ticketId: event.ticketId }).onConflictDoNothing().run();
  }
}

/** Whether all that the server had has been here once: until then lists and reminders are not complete. */
export const isComplete = (db: Reader): boolean => readMeta(db, 'cursor') !== null;
