import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ticketRowView } from '../../shared/bridge/views.ts';
import { maskPhone } from '../../shared/domain/contacts.ts';
import { type Hit, matchText } from '../../shared/domain/search/match-text.ts';
import type { Customer, Ticket } from '../../shared/domain/tickets.ts';
import { compiled } from '../compiled.ts';
import type { Reader } from '../reader.ts';
import { parseStored } from '../schema/json-text.ts';
import { watched } from '../statements.ts';
import { getRow } from '../writes/rows.ts';
import { readParameters } from './decision-state.ts';
import { nextKindOf } from './due.ts';

export type TicketRowView = z.infer<typeof ticketRowView>;

/** What `order` may refer to: `ticket`, and `customer`, `account` (who holds it), `staff_group` beside it. */
export interface PlacesWanted {
  readonly where: () => SQL;
  readonly order: readonly SQL[];
  readonly limit: number;
  readonly offset?: number;
  /** Stands for `where` and `order`, which are then put together once; they may hold `@names`. */
  readonly key?: string | null;
  /** What `@names` in `where` and `order` stand for. */
  readonly named?: Readonly<Record<string, number | string>>;
}

/** A row's place in `ticket`, with what its 时限 is. */
export type Place = readonly [rowid: number, nextAt: number | null];

/** Which rows of `ticket`, in their order. */
export const findPlaces = (db: Reader, { key = null, limit, named = {}, offset = 0, order, where }: PlacesWanted): Place[] =>
  watched(db, () => {
    const { statement, values } = compiled(
      db,
      key,
      () => sql`SELECT ticket.rowid, ticket.next_at FROM ticket
        LEFT JOIN customer ON customer.id = ticket.customer_id
        LEFT JOIN account ON account.id = ticket.assignee_id
        LEFT JOIN staff_group ON staff_group.id = ticket.group_id
        WHERE ${where()} ORDER BY ${sql.join([...order], sql`, `)} LIMIT @limit OFFSET @offset`,
    );
    return statement.raw().all(...values, { ...named, limit, offset }) as Place[];
  });

/** The rows at some places as lists show them, with names and marks. @param text words of a search, whose places are marked; '' for none */
export const readPlaces = (db: Reader, places: readonly Place[], text: string): TicketRowView[] =>
  watched(db, () => {
    if (places.length === 0) return [];
    const { maskPhones } = readParameters(db);
    const nameOf = namesIn(db);
    const found = new Map<number, TicketRowView>();
    const rowids = JSON.stringify(places.map(([rowid]) => rowid));
    for (const row of db.$client.prepare(rowsSql).all(rowids) as ListRow[]) found.set(row.place, viewRow(row, nameOf, maskPhones));
    const hits = text === '' ? null : hitsAt(db, rowids, text);
    return places.map(([rowid]) => ({ ...found.get(rowid)!, hits: hits?.get(rowid) ?? [] }));
  });

/** Both at once. First which ones: the names and marks of a row cost more than its place. */
export const readTicketRows = (db: Reader, wanted: PlacesWanted): TicketRowView[] => readPlaces(db, findPlaces(db, wanted), '');

const rowsSql = `SELECT t.rowid AS place, t.id, t.number, t.subject, t.category, t.nature, t.priority, t.source, t.status,
    t.assignee_id AS assigneeId, t.group_id AS groupId, t.created_by AS createdBy, t.created_at AS createdAt,
    t.updated_at AS updatedAt, t.due_at AS dueAt, t.next_at AS nextAt, t.resolved_at AS resolvedAt, t.invalid,
    t.expired_from AS expiredFrom, t.custom, c.name AS customerName, c.tier, c.phones ->> 0 AS phone,
    (SELECT max(q.kind IN ('claim', 'claimCustomer')) FROM outbox q WHERE q.subject_id = t.id AND q.state = 'queued') AS claiming,
    EXISTS (SELECT 1 FROM draft d WHERE d.form = 'ticket:' || t.id) AS draft,
    EXISTS (SELECT 1 FROM unseen u WHERE u.ticket_id = t.id) AS unseen
  FROM json_each(?) p CROSS JOIN ticket t ON t.rowid = p.value LEFT JOIN customer c ON c.id = t.customer_id`;

interface ListRow extends Omit<ListedTicket, 'invalid' | 'custom'>, Pick<Ticket, 'groupId' | 'createdBy' | 'expiredFrom'> {
  readonly place: number;
  readonly invalid: 0 | 1;
  readonly custom: string;
  readonly customerName: string | null;
  readonly tier: string | null;
  readonly phone: string | null;
  /** Whether a command that waits takes it out of the pool; null: none waits. */
  readonly claiming: 0 | 1 | null;
  readonly draft: 0 | 1;
  readonly unseen: 0 | 1;
}

function viewRow(row: ListRow, nameOf: ReturnType<typeof namesIn>, maskPhones: boolean): TicketRowView {
  const { claiming, customerName, phone, tier } = row;
  const ticket = { ...row, invalid: row.invalid === 1, custom: parseStored(row.custom) as Ticket['custom'] };
  const customer = { name: customerName ?? '', tier: tier ?? '', phones: phone === null ? [] : [phone] };
  return {
    ...ticketColumns(ticket, customer, maskPhones),
    assigneeName: nameOf('account', row.assigneeId),
    groupName: nameOf('staff_group', row.groupId),
    createdByName: nameOf('account', row.createdBy),
    expiredFromName: row.status === 'released' ? nameOf('account', row.expiredFrom) : '',
    claiming: claiming === 1,
    hits: [],
    pending: claiming !== null,
    draft: row.draft === 1,
    unseen: row.unseen === 1,
    transfer: null,
  };
}

const nameSql = { account: 'SELECT name FROM account WHERE id = ?', staff_group: 'SELECT name FROM staff_group WHERE id = ?' } as const;

/** Names of people and groups; a page of rows has few different ones. */
function namesIn(db: Reader): (table: keyof typeof nameSql, id: string | null) => string {
  const known = new Map<string, string>();
  return (table, id) => {
    if (id === null) return '';
    let name = known.get(id);
    if (name === undefined) {
      name = (db.$client.prepare(nameSql[table]).pluck().get(id) as string | undefined) ?? '';
      known.set(id, name);
    }
    return name;
  };
}

type ListedTicket = Pick<
  Ticket,
  | 'id'
  | 'number'
  | 'subject'
  | 'status'
  | 'priority'
  | 'category'
  | 'source'
  | 'nature'
  | 'nextAt'
  | 'dueAt'
  | 'createdAt'
  | 'updatedAt'
  | 'resolvedAt'
  | 'assigneeId'
  | 'invalid'
  | 'custom'
>;

/** The columns that come from the ticket and its customer alone. */
export function ticketColumns(ticket: ListedTicket, customer: Pick<Customer, 'name' | 'tier' | 'phones'> | null, maskPhones: boolean) {
  const phone = customer?.phones[0] ?? '';
  return {
    id: ticket.id,
    number: ticket.number,
    subject: ticket.subject,
    customerName: customer?.name ?? '',
    status: ticket.status,
    priority: ticket.priority,
    category: ticket.category,
    source: ticket.source,
    nature: ticket.nature,
    nextAt: ticket.nextAt,
    nextKind: nextKindOf(ticket),
    dueAt: ticket.dueAt,
    createdAt: ticket.createdAt,
    updatedAt: ticket.updatedAt,
    resolvedAt: ticket.resolvedAt,
    assigneeId: ticket.assigneeId,
    tier: customer?.tier ?? '',
    phone: maskPhones ? maskPhone(phone) : phone,
    invalid: ticket.invalid,
    custom: { ...ticket.custom },
  };
}

const docsSql = `SELECT t.rowid AS place, t.number, t.subject, t.description, c.name, c.phones,
    (SELECT json_group_array(note) FROM ticket_event WHERE ticket_id = t.id AND note <> '') AS notes
  FROM json_each(?) p CROSS JOIN ticket t ON t.rowid = p.value LEFT JOIN customer c ON c.id = t.customer_id`;

interface DocRow extends Pick<Ticket, 'number' | 'subject' | 'description'> {
  readonly place: number;
  readonly name: string | null;
  readonly phones: string | null;
  readonly notes: string;
}

/** Where the words of a search stand in each row. */
function hitsAt(db: Reader, rowids: string, text: string): Map<number, TicketRowView['hits']> {
  const listIn = (json: string | null): string[] => (json === null ? [] : (parseStored(json) as string[]));
  const docs = db.$client.prepare(docsSql).all(rowids) as DocRow[];
  return new Map(
    docs.map(({ place, name, phones, notes, ...ticket }) => {
      const doc = { ...ticket, customerName: name ?? '', phones: listIn(phones), notes: listIn(notes) };
      return [place, viewHits(matchText(text, doc))];
    }),
  );
}

export const viewHits = (hits: readonly Hit[] | null): TicketRowView['hits'] =>
  (hits ?? []).map((h) => ({ ...h, ranges: h.ranges.map(([from, to]): [number, number] => [from, to]) }));

export const groupNameOf = (db: Reader, groupId: string): string => getRow(db, 'group', groupId)?.name ?? '';
