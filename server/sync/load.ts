import { asc, sql } from 'drizzle-orm';
import type { AnyCommand } from '../../shared/domain/commands/index.ts';
import type { Account, Actor, SystemActor } from '../../shared/domain/people.ts';
import { audienceOf, overlaps, seesEverything } from '../../shared/domain/permissions.ts';
import { anyOf } from '../store/any-of.ts';
import { type CustomerRow, type TicketRow, toAccount } from '../store/rows.ts';
import { account, customer, ticket } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';

/** Who asks: an account, looked up in the transaction that decides, or the server itself or a channel. */
export type Asker = { readonly accountId: string } | SystemActor;

export interface People {
  readonly actor: Actor | null;
  readonly all: ReadonlyMap<string, Account>;
}

/**
 * The actor and everyone whom the commands name, held as they are until the transaction ends (S21).
 * @param own `update`: nothing of the actor's own is decided beside this
 */
export async function loadPeople(
  tx: Orm,
  commands: readonly AnyCommand[],
  asker: Asker,
  own: 'share' | 'update' = 'share',
): Promise<People> {
  const named = new Set(commands.flatMap(namedIn));
  if ('accountId' in asker) named.add(asker.accountId);
  if (named.size === 0) return { actor: asker as SystemActor, all: new Map() };
  const rows = await tx
    .select()
    .from(account)
    .where(anyOf(account.id, [...named]))
    .orderBy(asc(account.id))
    .for(own);
  const all = new Map(rows.map((row) => [row.id, toAccount(row)]));
  return { actor: 'accountId' in asker ? (all.get(asker.accountId) ?? null) : asker, all };
}

function namedIn(command: AnyCommand): readonly string[] {
  switch (command.kind) {
    case 'assign':
    case 'transfer':
    case 'handOver':
      return [command.args.toId];
    case 'create':
      return command.args.assigneeId === null ? [] : [command.args.assigneeId];
    case 'editCustomer':
      return command.args.changes.flatMap((c) => (c.field === 'ownerId' && c.to !== null ? [c.to] : []));
    default:
      return [];
  }
}

export interface CustomersAndTickets {
  readonly customerRows: readonly CustomerRow[];
  readonly ticketRows: readonly TicketRow[];
}

/**
 * Customers, and all of their tickets. The customers first and each in the order of their ids: whoever changes one of
 * them holds its customer, so nobody waits crosswise.
 * @param ids customers, whether they exist or not
 * @param ofTickets tickets whose customers are meant as well
 */
export async function holdCustomers(tx: Orm, ids: readonly string[], ofTickets: readonly string[] = []): Promise<CustomersAndTickets> {
  const meant = sql`SELECT unnest(${sql.param(ids)}::text[]) UNION SELECT t.customer_id FROM ticket t WHERE t.id = ANY(${sql.param(ofTickets)}::text[])`;
  const customerRows = await tx
    .select()
    .from(customer)
    .where(sql`${customer.id} IN (${meant})`)
    .orderBy(asc(customer.id))
    .for('update');
  if (customerRows.length === 0) return { customerRows, ticketRows: [] };
  const held = customerRows.map((c) => c.id);
  const ticketRows = await tx.select().from(ticket).where(anyOf(ticket.customerId, held)).orderBy(asc(ticket.id)).for('update');
  return { customerRows, ticketRows };
}

export const maySeeCustomer = (actor: Actor, row: CustomerRow): boolean =>
  seesEverything(actor) || overlaps(audienceOf(actor as Account), row.audience);
