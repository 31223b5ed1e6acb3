import { inArray } from 'drizzle-orm';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import { type Behind, BATCH, type Candidate, readOlder } from '../export/candidates.ts';
import { isMatch, neededToMatch } from '../export/matching.ts';
import type { Holder } from '../sessions/sessions.ts';
import { readParameters } from '../store/parameters.ts';
import { ticket } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';
import { readHistory } from '../sync/history.ts';
import { noRows } from '../sync/page.ts';
import { addTickets } from '../sync/snapshot.ts';
import { type View, viewOf } from '../sync/view.ts';
import { windowStart } from '../sync/window.ts';
import type { OfficeDeps } from './work.ts';

/** So many are looked at in one answer; where conditions pass few, the device asks on. */
const LOOKED_AT = 4 * BATCH;

/** One page of what devices no longer hold, read at one instant. */
export function olderTickets(
  { store, clock }: OfficeDeps,
  by: Holder,
  input: OperationInput<'tickets.older'>,
): Promise<OperationOutput<'tickets.older'>> {
  const view = viewOf(by.account);
  const now = clock.now();
  return store.snapshot(async (tx) => {
    const start = windowStart(await readParameters(tx), now);
    const { ids, next } = await find(tx, view, input, start, now);
    const rows = noRows();
    if (ids.length > 0) await addTickets(tx, await tx.select().from(ticket).where(inArray(ticket.id, ids)), rows);
    const { tickets, customers, callbacks, events, attachments } = rows;
    const { epoch, head, wentBack } = await readHistory(tx, input);
    return {
      epoch,
      wentBack,
      view: view.name,
      head: head.seq,
      mark: head.mark,
      tickets,
      customers,
      callbacks,
      events,
      attachments,
      next,
    };
  });
}

interface Found {
  readonly ids: string[];
  readonly next: Behind | null;
}

async function find(
  tx: Orm,
  view: View,
  { select, behind, limit, zone }: OperationInput<'tickets.older'>,
  start: number,
  now: number,
): Promise<Found> {
  const words = select.by === 'list' ? select.text : '';
  const filter = select.by === 'list' ? select.filter : [];
  const at = { me: view.account.id, now, zone };
  const ids: string[] = [];
  let last: Behind | null = behind;
  for (let looked = 0; looked < LOOKED_AT; looked += BATCH) {
    const batch: Candidate[] = await readOlder(tx, view, select, last, start, neededToMatch(words, filter));
    for (const of of batch) {
      if (isMatch(words, filter, of, at)) ids.push(of.ticket.id);
      last = { updatedAt: of.ticket.updatedAt, id: of.ticket.id };
      if (ids.length === limit) return { ids, next: last };
    }
    if (batch.length < BATCH) return { ids, next: null };
  }
  return { ids, next: last };
}
