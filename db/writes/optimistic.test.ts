import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asc } from 'drizzle-orm';
import { fc } from '../../tests/support/fast-check.ts';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Command, CommandKind } from '../../shared/domain/commands/index.ts';
import {
  baseCallback,
  baseCustomer,
  baseTicket,
  colleague,
  gone,
  holder,
  HOUR,
  leader,
  NOW,
  uuid,
} from '../../shared/domain/commands/decide-world.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { TicketEvent } from '../../shared/domain/tickets.ts';
import { type Cache, openCache } from '../open.ts';
import type { Reader } from '../reader.ts';
import { baseRows, callbacks, customers, events, outbox, tickets, transfers } from '../schema/tables.ts';
import { applyLocally, reapplyQueue, restoreBase } from './optimistic.ts';
import { putRow } from './rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'zuoxi-optimistic-'));
const cache: Cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
afterAll(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const ticketIds = [uuid(1), uuid(101), uuid(102), uuid(103)];

/** What a server may have sent: tickets in several states, two of one customer. */
function fill(db: Reader): void {
  for (const table of [tickets, customers, callbacks, events, transfers, outbox, baseRows]) db.delete(table).run();
  for (const account of [holder, colleague, leader, gone]) putRow(db, 'account', account);
  putRow(db, 'customer', baseCustomer);
  putRow(db, 'customer', { ...baseCustomer, id: uuid(202), name: '顾南', ownerId: null });
  const rows = [
    baseTicket,
    { ...baseTicket, id: ticketIds[1]!, number: 100_002, status: 'processing' as const },
    { ...baseTicket, id: ticketIds[2]!, number: 100_003, status: 'released' as const, assigneeId: null, customerId: uuid(202) },
    { ...baseTicket, id: ticketIds[3]!, number: 100_004, status: 'resolved' as const, resolvedAt: NOW - HOUR },
  ];
  for (const row of rows) {
    putRow(db, 'ticket', row);
    const event: TicketEvent = {
      id: `0${row.id.slice(1)}-e`,
      ticketId: row.id,
      actorId: holder.id,
      command: 'create',
      note: '',
      changes: {},
      occurredAt: NOW - 9 * HOUR,
      receivedAt: NOW - 9 * HOUR,
    };
    putRow(db, 'event', event);
  }
  putRow(db, 'callback', baseCallback);
}

const dump = (db: Reader): unknown => ({
  tickets: db.select().from(tickets).orderBy(asc(tickets.id)).all(),
  customers: db.select().from(customers).orderBy(asc(customers.id)).all(),
  callbacks: db.select().from(callbacks).orderBy(asc(callbacks.id)).all(),
  events: db.select().from(events).orderBy(asc(events.id)).all(),
  transfers: db.select().from(transfers).orderBy(asc(transfers.id)).all(),
});

let serial = 0;
const nextId = (): string => `11111111-0000-7000-8000-${String((serial += 1)).padStart(12, '0')}`;

/** Gives a command as the core does: its effect and its place in the queue together. */
function give(db: Reader, command: Command, me: Account = holder): boolean {
  if (!applyLocally(db, command, me, command.occurredAt).ok) return false;
  db.insert(outbox)
    .values({
      commandId: command.id,
      kind: command.kind,
      subjectId: command.ticketId,
      args: command.args,
      occurredAt: command.occurredAt,
      state: 'queued',
      attempts: 0,
      subject: '',
    })
    .run();
  return true;
}

const command = (kind: CommandKind, ticketId: string, args: unknown, at: number): Command =>
  ({ id: nextId(), kind, ticketId, args, occurredAt: at }) as Command;

beforeEach(() => cache.transaction(fill));

const step = fc.record({
  ticket: fc.nat(ticketIds.length),
  pick: fc.nat(11),
  note: fc.string({ minLength: 1, maxLength: 8 }),
  to: fc.constantFrom(colleague.id, gone.id, holder.id),
  priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
});

/** One command of any kind; created tickets, callbacks and events are what earlier ones left. */
function commandOf(db: Reader, s: { ticket: number; pick: number; note: string; to: string; priority: string }, at: number): Command {
  const known = db
    .select({ id: tickets.id })
    .from(tickets)
    .orderBy(asc(tickets.id))
    .all()
    .map((t) => t.id);
  const id = known[s.ticket % known.length]!;
  const callback = db.select().from(callbacks).orderBy(asc(callbacks.id)).all().at(-1);
  const last = db
    .select()
    .from(events)
    .orderBy(asc(events.id))
    .all()
    .findLast((e) => e.ticketId === id);
  const current = db
    .select()
    .from(tickets)
    .all()
    .find((t) => t.id === id)!;
  switch (s.pick) {
    case 0:
      return command('note', id, { note: s.note }, at);
    case 1:
      return command(
        'update',
        id,
        { note: s.note, changes: [{ field: 'priority', from: current.priority, to: s.priority }], waiting: s.to === holder.id },
        at,
      );
    case 2:
      return command('resolve', id, { report: s.note }, at);
    case 3:
      return command('transfer', id, { toId: s.to, reason: s.note }, at);
    case 4:
      return command('release', id, { reason: s.note }, at);
    case 5:
      return command('invalidate', id, { reason: s.note }, at);
    case 6:
      return command('claim', id, {}, at);
    case 7:
      return command('scheduleCallback', id, { callbackId: nextId(), dueAt: at + HOUR, note: s.note }, at);
    case 8:
      return command(
        'rescheduleCallback',
        callback?.ticketId ?? id,
        { callbackId: callback?.id ?? nextId(), from: callback?.dueAt ?? 0, dueAt: at + 2 * HOUR },
        at,
      );
    case 9:
      return command('completeCallback', callback?.ticketId ?? id, { callbackId: callback?.id ?? nextId(), outcome: 'done', note: '' }, at);
    case 10:
      return command('undo', id, { eventId: last?.id ?? nextId() }, at);
    default:
      return command(
        'create',
        nextId(),
        {
          customerId: s.to === holder.id ? nextId() : baseCustomer.id,
          ...(s.to === holder.id && { customer: { name: s.note.trim() || 'x', phones: ['13800001111'] } }),
          subject: s.note,
          description: '',
          category: '',
          nature: 'problem',
          priority: s.priority,
          source: 'phone',
          groupId: 'g1',
          assigneeId: holder.id,
        },
        at,
      );
  }
}

test('SPEC 5 whatever was done offline, restoring gives exactly what the server gave, and running the queue again gives exactly what was on screen', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      cache.transaction((db) => {
        fill(db);
        const server = dump(db);
        let at = NOW;
        for (const s of steps) {
          const c = commandOf(db, s, (at += 1000));
          const before = dump(db);
          if (give(db, c)) seen.set(c.kind, (seen.get(c.kind) ?? 0) + 1);
          // A refusal leaves no trace.
          else expect(dump(db)).toEqual(before);
        }
        const screen = dump(db);
        restoreBase(db);
        expect(dump(db)).toEqual(server);
        expect(db.select().from(baseRows).all()).toEqual([]);
        reapplyQueue(db, holder, NOW);
        expect(dump(db)).toEqual(screen);
        // And once more: nothing has gone into the server's rows.
        restoreBase(db);
        expect(dump(db)).toEqual(server);
      });
    }),
    { numRuns: 400, seed: 20_261_118 },
  );
  // Not vacuous: each kind took effect many times.
  for (const kind of [
    'note',
    'update',
    'resolve',
    'transfer',
    'release',
    'invalidate',
    'claim',
    'scheduleCallback',
    'rescheduleCallback',
    'completeCallback',
    'undo',
    'create',
  ])
    expect.soft(seen.get(kind) ?? 0, kind).toBeGreaterThan(4);
});

test('SPEC 5 the version kept is the server’s, however many commands follow', () => {
  cache.transaction((db) => {
    give(db, command('update', ticketIds[0]!, { note: '一', changes: [], waiting: false }, NOW + 1));
    give(db, command('update', ticketIds[0]!, { note: '二', changes: [], waiting: true }, NOW + 2));
    const kept = db
      .select()
      .from(baseRows)
      .all()
      .filter((b) => b.entity === 'ticket');
    expect(kept.map((k) => k.row)).toEqual([{ ...baseTicket }]);
  });
});

test('SPEC 6 the queue runs over what the server says now: what still fits takes effect, what no longer does stays queued without one', () => {
  cache.transaction((db) => {
    expect(give(db, command('note', ticketIds[0]!, { note: '留言' }, NOW + 1))).toBe(true);
    expect(give(db, command('resolve', ticketIds[0]!, { report: '好了' }, NOW + 2))).toBe(true);
    restoreBase(db);
    // The ticket went to a colleague meanwhile; its former holder may still leave a note.
    putRow(db, 'ticket', { ...baseTicket, assigneeId: colleague.id, version: 5 });
    putRow(db, 'event', {
      id: uuid(900),
      ticketId: ticketIds[0]!,
      actorId: holder.id,
      command: 'transfer',
      note: '',
      changes: {},
      occurredAt: NOW,
      receivedAt: NOW,
    });
    reapplyQueue(db, holder, NOW);
    const ticket = db
      .select()
      .from(tickets)
      .all()
      .find((t) => t.id === ticketIds[0])!;
    expect(ticket).toMatchObject({ status: 'pending', assigneeId: colleague.id });
    expect(
      db
        .select()
        .from(events)
        .all()
        .map((e) => e.note),
    ).toContain('留言');
    expect(
      db
        .select()
        .from(events)
        .all()
        .map((e) => e.note),
    ).not.toContain('好了');
    expect(
      db
        .select()
        .from(outbox)
        .all()
        .map((o) => [o.kind, o.state]),
    ).toEqual([
      ['note', 'queued'],
      ['resolve', 'queued'],
    ]);
  });
});

test('SPEC 9 a refused command has no effect when the queue runs again', () => {
  cache.transaction((db) => {
    give(db, command('resolve', ticketIds[0]!, { report: '好了' }, NOW + 1));
    db.update(outbox)
      .set({ state: 'refused', refusal: { code: 'wrong-state' } })
      .run();
    restoreBase(db);
    reapplyQueue(db, holder, NOW);
    expect(
      db
        .select()
        .from(tickets)
        .all()
        .find((t) => t.id === ticketIds[0])!.status,
    ).toBe('pending');
  });
});
