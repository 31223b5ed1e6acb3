import { sql } from 'drizzle-orm';
import { ticketAudience } from '../../shared/domain/permissions.ts';
import type { PasswordHasher } from '../sessions/hasher.ts';
import { addContacts } from '../store/contacts.ts';
import { loadRows } from '../store/load-rows.ts';
import type { Orm, Store } from '../store/store.ts';
import { customerAudience } from '../sync/customer-audience.ts';
import { demoFields } from './custom-fields.ts';
import type { Person } from './history.ts';
import { type DemoSize, fullSize, makeDemo } from './make-demo.ts';
import { DEMO_PASSWORD } from './people.ts';

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
  const { staff, people, phrases, searches } = makeDemo(options.seed, options.now, options.size ?? fullSize);
  const passwordHash = await options.hasher.hash(DEMO_PASSWORD);
  const written = await store.transaction(async (tx) => {
    await loadRows(tx, 'staff_group', staff.groups);
    await loadRows(
      tx,
      'account',
      staff.accounts.map((a) => ({ ...a, passwordHash })),
    );
    await loadRows(tx, 'custom_field', demoFields);
    await loadRows(tx, 'phrase', phrases);
    await loadRows(tx, 'saved_search', searches);
    return loadHistory(tx, people, FIRST_NUMBER);
  });
  return { accounts: staff.accounts.length, customers: people.length, ...written };
}

/**
 * Writes customers with all that happened to their tickets.
 * @param firstNumber of the oldest of these tickets; those made later count on from the last
 * @param seqOf place of an event in the feed; by default before its beginning
 */
export async function loadHistory(
  tx: Orm,
  people: readonly Person[],
  firstNumber: number,
  seqOf: (eventId: string) => number = () => 0,
): Promise<{ tickets: number; events: number }> {
  const stories = people.flatMap((p) => p.tickets.map((story) => ({ person: p, story, ticket: story.ticket! })));
  stories.sort((a, b) => a.ticket.createdAt - b.ticket.createdAt || (a.ticket.id < b.ticket.id ? -1 : 1));
  const tickets = stories.map(({ person, ticket }, i) => ({
    ...ticket,
    number: firstNumber + i,
    audience: ticketAudience(ticket, person.customer),
  }));
  const customers = people.map((p) => {
    const own = p.tickets.map((s) => s.ticket!);
    return { ...p.customer, audience: customerAudience(p.customer, own, [...p.held]) };
  });
  const events = stories.flatMap(({ story }) => story.events.map((e) => ({ ...e, seq: seqOf(e.id) })));
  const numbers = new Map(tickets.map((t) => [t.id, t.number]));
  const transfers = stories.flatMap(({ story }) =>
    story.transfers.map((t) => ({
      ...t,
      snapshot: { ...t.snapshot, ticket: { ...t.snapshot.ticket, number: numbers.get(t.ticketId) ?? null } },
      audience: [`a:${t.fromId}`, `g:${t.snapshot.ticket.groupId}`],
    })),
  );
  await loadRows(tx, 'customer', customers);
  await addContacts(tx, customers);
  await loadRows(tx, 'ticket', tickets);
  await loadRows(
    tx,
    'callback',
    stories.flatMap(({ story }) => [...story.callbacks.values()]),
  );
  await loadRows(tx, 'ticket_event', events);
  await loadRows(tx, 'transfer', transfers);
  await tx.execute(sql`SELECT setval('ticket_number', ${firstNumber + tickets.length - 1})`);
  return { tickets: tickets.length, events: events.length };
}
