import { asc, eq, inArray } from 'drizzle-orm';
import type { AnyCommand } from '../../shared/domain/commands/index.ts';
import type { Account, Actor, SystemActor } from '../../shared/domain/people.ts';
import { audienceOf, overlaps, seesEverything } from '../../shared/domain/permissions.ts';
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
 * The actor and everyone whom the command names, held as they are until the transaction ends (S21).
 * @param own `update`: nothing of the actor's own is decided beside this
 */
export async function loadPeople(tx: Orm, command: AnyCommand, asker: Asker, own: 'share' | 'update' = 'share'): Promise<People> {
  const named = new Set(namedIn(command));
  if ('accountId' in asker) named.add(asker.accountId);
  if (named.size === 0) return { actor: asker as SystemActor, all: new Map() };
  const rows = await tx
    .select()
    .from(account)
    .where(inArray(account.id, [...named]))
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

export interface CustomerAndTickets {
  readonly customerRow: CustomerRow | null;
  readonly ticketRows: readonly TicketRow[];
}

/** The customer first, then its tickets: whoever changes one of them holds the customer, so nobody waits crosswise. */
export async function holdCustomer(tx: Orm, id: string | null): Promise<CustomerAndTickets> {
  const [customerRow = null] = id === null ? [] : await tx.select().from(customer).where(eq(customer.id, id)).for('update');
  if (customerRow === null) return { customerRow, ticketRows: [] };
  const ticketRows = await tx.select().from(ticket).where(eq(ticket.customerId, customerRow.id)).orderBy(asc(ticket.id)).for('update');
  return { customerRow, ticketRows };
}

export const maySeeCustomer = (actor: Actor, row: CustomerRow): boolean =>
  seesEverything(actor) || overlaps(audienceOf(actor as Account), row.audience);
