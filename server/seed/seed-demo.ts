import { sql } from 'drizzle-orm';
import { ticketAudience } from '../../shared/domain/permissions.ts';
import type { PasswordHasher } from '../sessions/hasher.ts';
import { addContacts } from '../store/contacts.ts';
import { type Orm, rowsOf, type Store } from '../store/store.ts';
import { customerAudience } from '../sync/customer-audience.ts';
import { demoFields } from './custom-fields.ts';
import { type DemoSize, fullSize, makeDemo } from './make-demo.ts';
import { DEMO_PASSWORD } from './people.ts';

const CHUNK = 500;
const FIRST_NUMBER = 100_001;

export interface SeedOptions {
  readonly seed: number;
  /** Epoch ms; everything is spread around it. */
  readonly now: number;
  readonly hasher: PasswordHasher;
  readonly size?: DemoSize;
}

/** Fills an empty database with the demo. @returns how many of what it wrote */
export async function seedDemo(
  store: Store,
  options: SeedOptions,
): Promise<{ accounts: number; customers: number; tickets: number; events: number }> {
  const { staff, people } = makeDemo(options.seed, options.now, options.size ?? fullSize);
  const passwordHash = await options.hasher.hash(DEMO_PASSWORD);
  const stories = people.flatMap((p) => p.tickets.map((story) => ({ person: p, story, ticket: story.ticket! })));
  stories.sort((a, b) => a.ticket.createdAt - b.ticket.createdAt || (a.ticket.id < b.ticket.id ? -1 : 1));
  const tickets = stories.map(({ person, ticket }, i) => ({
    ...ticket,
    number: FIRST_NUMBER + i,
    audience: ticketAudience(ticket, person.customer),
  }));
  const customers = people.map((p) => {
    const own = p.tickets.map((s) => s.ticket!);
    return { ...p.customer, audience: customerAudience(p.customer, own, [...p.held]) };
  });
  const events = stories.flatMap(({ story }) => story.events.map((e) => ({ ...e, seq: 0 })));
  const numbers = new Map(tickets.map((t) => [t.id, t.number]));
  const transfers = stories.flatMap(({ story }) =>
    story.transfers.map((t) => ({
      ...t,
      snapshot: { ...t.snapshot, ticket: { ...t.snapshot.ticket, number: numbers.get(t.ticketId) ?? null } },
      audience: [`a:${t.fromId}`, `g:${t.snapshot.ticket.groupId}`],
    })),
  );
  await store.transaction(async (tx) => {
    await load(tx, 'staff_group', staff.groups);
    await load(
      tx,
      'account',
      staff.accounts.map((a) => ({ ...a, passwordHash })),
    );
    await load(tx, 'custom_field', demoFields);
    await load(tx, 'customer', customers);
    await addContacts(tx, customers);
    await load(tx, 'ticket', tickets);
    await load(
      tx,
      'callback',
      stories.flatMap(({ story }) => [...story.callbacks.values()]),
    );
    await load(tx, 'ticket_event', events);
    await load(tx, 'transfer', transfers);
    await tx.execute(sql`SELECT setval('ticket_number', ${FIRST_NUMBER + tickets.length - 1})`);
  });
  return { accounts: staff.accounts.length, customers: customers.length, tickets: tickets.length, events: events.length };
}

/** Many rows in few statements; column names come from this file's own callers. */
async function load(tx: Orm, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = sql.join(
    Object.keys(first).map((key) => sql.identifier(toColumn(key))),
    sql`, `,
  );
  const name = sql.identifier(table);
  for (let i = 0; i < rows.length; i += CHUNK) {
    const part = rows.slice(i, i + CHUNK).map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [toColumn(k), v])));
    await rowsOf(
      tx,
      sql`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, ${JSON.stringify(part)}::jsonb)`,
    );
  }
}

const toColumn = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
