import { v7 } from 'uuid';
import type { CommandArgs } from '../../../shared/domain/commands/index.ts';
import type { Account, Role, StaffGroup } from '../../../shared/domain/people.ts';
import { type Ticket } from '../../../shared/domain/tickets.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../../server/testing.ts';
import { toCustomer, toEvent, toTicket, toTransfer } from '../../../server/store/rows.ts';
import { callback, customer, ticket, ticketEvent, transfer } from '../../../server/store/schema.ts';
import type { Store } from '../../../server/store/store.ts';
import { command, Device } from './device.ts';

export const START = Date.UTC(2026, 10, 21, 1, 0, 0);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A clock that moves when told to. */
export class TestClock {
  time = START;
  now(): number {
    return this.time;
  }
  pass(ms: number): void {
    this.time += ms;
  }
}

export interface Company {
  readonly server: TestServer;
  readonly store: Store;
  readonly clock: TestClock;
  readonly groups: { readonly one: StaffGroup; readonly two: StaffGroup };
  /** ann and ben in group one, cid in two; lea leads one, leo leads two; qiu is qa, ada admin. */
  readonly people: Readonly<Record<Name, Account>>;
  device(name: Name, on?: TestServer): Promise<Device>;
  /** A second instance on the same database, by another way into it if one is given. */
  another(by?: Store): Promise<TestServer>;
  /** A new ticket of a new customer, on the desk of `by`, or in the pool. */
  newTicket(by: Device, more?: Partial<CommandArgs<'create'>>): Promise<{ ticketId: string; customerId: string }>;
  ticket(id: string): Promise<Ticket>;
  /** All that the database holds. */
  truth(): Promise<Truth>;
  close(): Promise<void>;
}

export type Truth = Awaited<ReturnType<typeof readAll>>;
export type Name = 'ann' | 'ben' | 'cid' | 'lea' | 'leo' | 'qiu' | 'ada';
const staff: readonly (readonly [Name, Role, readonly ('one' | 'two')[]])[] = [
  ['ann', 'agent', ['one']],
  ['ben', 'agent', ['one']],
  ['cid', 'agent', ['two']],
  ['lea', 'leader', ['one']],
  ['leo', 'leader', ['two']],
  ['qiu', 'qa', ['one']],
  ['ada', 'admin', ['one']],
];

/** A small company on an emptied database. */
export async function foundCompany(store: Store, options: Omit<TestServerOptions, 'database' | 'clock'> = {}): Promise<Company> {
  const clock = new TestClock();
  const servers: TestServer[] = [];
  const start = async (empty: boolean, by = store): Promise<TestServer> => {
    const server = await startTestServer({ listen: false, ...options, empty, clock, database: { store: by } });
    servers.push(server);
    return server;
  };
  const server = await start(true);
  const one = await server.staff.addGroup('one');
  const two = await server.staff.addGroup('two');
  const people = {} as Record<Name, Account>;
  for (const [name, role, groups] of staff) {
    const groupIds = groups.map((g) => (g === 'one' ? one.id : two.id));
    people[name] = await server.staff.addAccount({ staffNo: name, name, role, groupIds, password: 'right-password' });
  }
  return {
    server,
    store,
    clock,
    groups: { one, two },
    people,
    device: (name, on = server) => new Device(on).signIn(name),
    another: (by) => start(false, by),
    async newTicket(by, more = {}) {
      const ticketId = v7();
      const customerId = more.customerId ?? v7();
      const [result] = await by.push(
        command(
          'create',
          ticketId,
          {
            customerId,
            ...(more.customerId === undefined && { customer: { name: '周砚秋', phones: ['13800006021'] } }),
            subject: '晚间频繁掉线',
            description: '',
            category: '宽带',
            nature: 'incident',
            priority: 'normal',
            source: 'phone',
            groupId: by.account.priorityGroupId,
            assigneeId: by.account.id,
            ...more,
          },
          clock.now(),
        ),
      );
      if (result?.status !== 'applied') throw new Error(`create: ${JSON.stringify(result)}`);
      return { ticketId, customerId };
    },
    async ticket(id) {
      const found = (await readAll(store)).tickets.find((t) => t.row.id === id);
      if (found === undefined) throw new Error('no such ticket');
      return found.row;
    },
    truth: () => readAll(store),
    async close() {
      for (const s of servers) await s.close();
    },
  };
}

async function readAll(store: Store) {
  const { orm } = store;
  const tickets = (await orm.select().from(ticket)).map((t) => ({ row: toTicket(t), audience: t.audience }));
  const customers = (await orm.select().from(customer)).map((c) => ({ row: toCustomer(c), audience: c.audience }));
  return {
    tickets,
    customers,
    callbacks: await orm.select().from(callback),
    events: (await orm.select().from(ticketEvent)).map(toEvent),
    transfers: (await orm.select().from(transfer)).map(toTransfer),
  };
}
