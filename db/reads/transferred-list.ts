import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { matches } from '../../shared/domain/filter/matches.ts';
import type { Account } from '../../shared/domain/people.ts';
import { matchText } from '../../shared/domain/search/match-text.ts';
import { wordsOf } from '../../shared/domain/search/words.ts';
import type { SortColumn } from '../../shared/domain/ticket-state.ts';
import type { Customer, Transfer } from '../../shared/domain/tickets.ts';
import type { Reader } from '../reader.ts';
import { accounts, transfers } from '../schema/tables.ts';
import { getRow } from '../writes/rows.ts';
import type { ListMoments, ListPage, ListQuery } from './list-query.ts';
import { groupNameOf, ticketColumns, viewHits } from './ticket-rows.ts';

const field = (name: string): SQL => sql`json_extract(${transfers.snapshot}, ${`$.ticket.${name}`})`;
const columns: Partial<Record<SortColumn, SQL>> = {
  number: field('number'),
  subject: field('subject'),
  customer: sql`json_extract(${transfers.snapshot}, '$.customerName')`,
  status: field('status'),
  category: field('category'),
  priority: field('priority'),
  nature: field('nature'),
  source: field('source'),
  created: field('createdAt'),
  due: field('dueAt'),
};

type Page = Pick<ListQuery, 'text' | 'filter' | 'sort' | 'descending' | 'offset' | 'limit'>;

/** 已转派: tickets as they were when I gave them away, newest first unless sorted otherwise. */
export function readTransferred(db: Reader, me: Account, query: Page, moments: ListMoments): ListPage {
  const where = and(eq(transfers.fromId, me.id), narrowed(db, me, query, moments));
  const total = db
    .select({ n: sql<number>`count(*)` })
    .from(transfers)
    .where(where)
    .get()!.n;
  const column = columns[query.sort] ?? sql`${transfers.at}`;
  const rows = db
    .select({
      transfer: transfers,
      toName: accounts.name,
      pending: sql<number>`EXISTS (SELECT 1 FROM outbox q WHERE q.command_id = ${transfers.id} AND q.state = 'queued')`,
    })
    .from(transfers)
    .leftJoin(accounts, eq(accounts.id, transfers.toId))
    .where(where)
    .orderBy(query.descending ? desc(column) : asc(column), asc(transfers.id))
    .limit(query.limit)
    .offset(query.offset)
    .all();
  return {
    rows: rows.map(({ transfer, toName, pending }) => {
      const { ticket } = transfer.snapshot;
      return {
        ...ticketColumns(ticket, knownCustomer(transfer), true),
        id: transfer.ticketId,
        nextAt: null,
        nextKind: null,
        updatedAt: transfer.at,
        assigneeName: toName ?? '',
        groupName: groupNameOf(db, ticket.groupId),
        createdByName: ticket.createdBy === null ? '' : (getRow(db, 'account', ticket.createdBy)?.name ?? ''),
        expiredFromName: '',
        claiming: false,
        hits: query.text === '' ? [] : viewHits(matchText(query.text, docOf(transfer))),
        pending: pending === 1,
        draft: false,
        unseen: false,
        transfer: { id: transfer.id, toName: toName ?? '', at: transfer.at, reason: transfer.reason },
      };
    }),
    total,
    more: false,
    due: { all: total, overdue: 0, soon: 0, today: 0, later: 0 },
  };
}

/** The snapshots lie in JSON and are in no index: the few that an account gave away are looked through one by one. */
function narrowed(db: Reader, me: Account, query: Page, { now, zone }: ListMoments): SQL | undefined {
  const searching = wordsOf(query.text).length > 0;
  if (!searching && query.filter.length === 0) return undefined;
  const all = db.select().from(transfers).where(eq(transfers.fromId, me.id)).all();
  const left = all.filter((t) => {
    const { ticket, events } = t.snapshot;
    const of = { ticket, customer: { ...blank, ...knownCustomer(t), id: ticket.customerId }, callbacks: [], events };
    return matches(query.filter, of, { me: me.id, now, zone }) && (!searching || matchText(query.text, docOf(t)) !== null);
  });
  return inArray(
    transfers.id,
    left.map((t) => t.id),
  );
}

/** What a sender may still know of the customer. */
const knownCustomer = (t: Transfer): Pick<Customer, 'name' | 'tier' | 'phones'> => ({
  name: t.snapshot.customerName,
  tier: '',
  phones: [],
});

const docOf = ({ snapshot: { ticket, customerName, events } }: Transfer) => ({
  number: ticket.number,
  subject: ticket.subject,
  customerName,
  phones: [],
  description: ticket.description,
  notes: events.map((e) => e.note),
});

const blank = {
  emails: [],
  address: '',
  ownerId: null,
  groupId: null,
  source: 'desktop',
  invalidReleases: 0,
  invalidAt: null,
  invalidBy: null,
  releasedBy: [],
  createdAt: 0,
  updatedAt: 0,
} as const;
