import type { Cache } from '../../db/open.ts';
import { readMeta } from '../../db/reads/meta.ts';
import { fetched } from '../../db/schema/tables.ts';
import { reapplyQueue, restoreBase } from '../../db/writes/optimistic.ts';
import { getRow, putRow } from '../../db/writes/rows.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf, ParsedInputOf } from '../../shared/bridge/define.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { OperationOutput } from '../../shared/protocol/operations.ts';
import type { CoreContext } from '../context.ts';
import { TransportError } from '../ports.ts';
import { reasonOf } from '../office/run-operation.ts';
import { noteSeen, readKnown } from './known.ts';
import type { Desk } from '../session/desk.ts';

type Older = CoreContract['calls']['tickets.older'];
type OlderTickets = OperationOutput<'tickets.older'>;

const PAGE = 100;
/** The cache may run ahead of an answer that is on its way; not for ever. */
const TRIES = 5;

/** Fetches one page of tickets that are too old to be kept here (SY9). They stay for a day. */
export async function fetchOlder(ctx: CoreContext, desk: Desk, { select, behind }: ParsedInputOf<Older>): Promise<OutputOf<Older>> {
  try {
    for (let i = 0; i < TRIES; i += 1) {
      const input = { select, behind, zone: ctx.zone(), limit: PAGE, ...readKnown(desk.cache.db) };
      const page = await desk.tokens.authorised((token) => ctx.transport.operate(desk.url, token, 'tickets.older', input));
      const found = putOlder(desk.cache, page, desk.me(), ctx.clock.now());
      if (found === null) continue;
      ctx.hub.emit(['tickets', 'customers', 'attachments', 'drafts', 'outbox', 'sync'], null);
      return { ok: true, found, next: page.next };
    }
    return { ok: false, reason: 'not-ready' };
  } catch (error) {
    if (error instanceof TransportError && error.code === 'protocol-unsupported') return { ok: false, reason: 'protocol' };
    const reason = reasonOf(ctx, error);
    return { ok: false, reason: reason === 'offline' || reason === 'forbidden' || reason === 'sign-in-needed' ? reason : 'server-fault' };
  }
}

/**
 * Puts old tickets beside those that the feed keeps up to date; from then on it does so with them too. @returns how many
 * the answer held; null: it is of another time or view than what is here, and was not used
 */
export function putOlder(cache: Cache, page: OlderTickets, me: Account, now: number): number | null {
  return cache.transaction((db) => {
    // A place of this other history would take the one from which the server can tell that it went back (seed 462).
    if (page.wentBack === true) return null;
    const cursor = readMeta(db, 'cursor');
    // Older than the cache, it could bring back what has been changed or evicted since; before the first sync is through,
    // nothing would keep it up to date.
    if (cursor === null || Number(cursor) > page.head || readMeta(db, 'epoch') !== page.epoch || readMeta(db, 'view') !== page.view)
      return null;
    noteSeen(db, page.head, page.mark ?? null);
    restoreBase(db);
    const fresh = new Set(page.tickets.filter((t) => getRow(db, 'ticket', t.id) === null).map((t) => t.id));
    for (const row of page.customers) if (getRow(db, 'customer', row.id) === null) putRow(db, 'customer', row);
    for (const row of page.tickets) {
      if (fresh.has(row.id)) putRow(db, 'ticket', row);
      db.insert(fetched)
        .values({ ticketId: row.id, at: now })
        .onConflictDoUpdate({ target: fetched.ticketId, set: { at: now } })
        .run();
    }
    for (const row of page.callbacks) if (fresh.has(row.ticketId)) putRow(db, 'callback', row);
    for (const row of page.events) if (fresh.has(row.ticketId)) putRow(db, 'event', row);
    for (const row of page.attachments) if (fresh.has(row.ticketId)) putRow(db, 'attachment', row);
    reapplyQueue(db, me, now);
    return page.tickets.length;
  });
}
