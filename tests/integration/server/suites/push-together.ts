import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../../../shared/domain/commands/index.ts';
import { ticketEvent } from '../../../../server/store/schema.ts';
import { rowsOf, type Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany, HOUR } from '../company.ts';
import { command, type Device, record, verdict } from '../device.ts';
import { expectTruth } from './pull.ts';
import { facts } from './records.ts';

/** The commands of a push that are decided in one transaction. */
export function pushTogetherSuite(store: () => Store): void {
  describe('commands of one push', () => {
    let company: Company;
    let ann: Device;
    let now: number;
    beforeEach(async () => {
      company = await foundCompany(store());
      ann = await company.device('ann');
      now = company.clock.now();
    });
    afterEach(() => company.close());

    const notes = (ticketId: string, count: number): Command[] =>
      Array.from({ length: count }, (_, i) => command('note', ticketId, { note: String(i) }, now));

    /** The transactions that wrote the events of these commands. */
    const transactionsOf = async (commands: readonly { readonly id: string }[]): Promise<number> => {
      const ids = sql.param(commands.map((c) => c.id));
      const [row] = await rowsOf<{ n: number | string }>(
        store().orm,
        sql`SELECT count(DISTINCT xmin::text) AS n FROM ticket_event WHERE id = ANY(${ids})`,
      );
      return Number(row!.n);
    };

    it('share a transaction, fifty at most, and get their numbers in their order', async () => {
      const { ticketId } = await company.newTicket(ann);
      const given = notes(ticketId, 60);
      const results = await ann.push(...given);
      const seqs = results.map((r) => (r.status === 'applied' ? r.seq : 0));
      expect(seqs).toEqual(Array.from({ length: 60 }, (_, i) => seqs[0]! + i));
      expect(await transactionsOf(given.slice(0, 50))).toBe(1);
      expect(await transactionsOf(given)).toBe(2);
      expect((await company.ticket(ticketId)).version).toBe(61);
    });

    it('come to the same as one by one, with the same refusals', async () => {
      const ben = await company.device('ben');
      const many = aDay(company, ann, ben, now);
      const single = aDay(company, ann, ben, now);
      const together = await ann.push(...many.commands);
      const apart = [];
      for (const c of single.commands) apart.push(...(await ann.push(c)));
      const codes = together.map(verdict);
      expect(codes).toEqual(apart.map(verdict));
      expect(new Set(codes)).toEqual(new Set(['applied', 'not-assignee', 'conflict', 'customer-missing', 'id-taken', 'not-found']));
      expect(await many.outcome()).toEqual(await single.outcome());
      for (const who of ['ann', 'ben', 'lea', 'cid'] as const) {
        const device = await company.device(who);
        await device.sync();
        await expectTruth(company, device);
      }
    });

    it('take effect once when one of them comes twice in it, or came before', async () => {
      const { ticketId } = await company.newTicket(ann);
      const [before, twice, other] = notes(ticketId, 3) as [Command, Command, Command];
      const [first] = await ann.push(before);
      const results = await ann.push(twice, before, twice, other);
      expect(results[1]).toEqual(first);
      expect(results[2]).toEqual(results[0]);
      expect(results.map((r) => r.status)).toEqual(['applied', 'applied', 'applied', 'applied']);
      expect((await company.ticket(ticketId)).version).toBe(4);
    });

    it('take effect once when they come twice at the same time, in whatever order', async () => {
      const { ticketId } = await company.newTicket(ann);
      const given = notes(ticketId, 10);
      const [one, other] = await Promise.all([ann.push(...given), ann.push(...given.toReversed())]);
      expect(one).toEqual(other.toReversed());
      expect((await company.ticket(ticketId)).version).toBe(11);
    });

    it('keep their order with what is not about a ticket', async () => {
      const { ticketId, customerId } = await company.newTicket(ann);
      const second = v7();
      const results = await ann.push(
        command('note', ticketId, { note: '先' }, now),
        record('editCustomer', customerId, { changes: [{ field: 'tier', from: '', to: '金' }] }, now),
        command('release', ticketId, { reason: '' }, now),
        record('addCustomer', second, { ...facts, owned: true }, now),
        command('claimCustomer', v7(), { customerId: second, subject: '回访' }, now),
      );
      expect(results.map(verdict)).toEqual(['applied', 'applied', 'applied', 'applied', 'applied']);
      const seqs = results.map((r) => (r.status === 'applied' ? r.seq : 0));
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    });

    it('are taken with half a character in them', async () => {
      const { ticketId } = await company.newTicket(ann);
      const results = await ann.push(command('note', ticketId, { note: '好\ud83d' }, now), ...notes(ticketId, 1));
      expect(results.map((r) => r.status)).toEqual(['applied', 'applied']);
      const events = await store()
        .orm.select()
        .from(ticketEvent)
        .where(sql`id = ${(results[0] as { id: string }).id}`);
      expect(events[0]!.note).toBe('好\ufffd');
    });
  });
}

/** A queue in which nearly everything hangs on what is before it; two of them differ in nothing but ids. */
function aDay(company: Company, ann: Device, ben: Device, now: number) {
  const names = new Map<string, string>();
  const id = (name: string): string => {
    const made = v7();
    names.set(made, name);
    return made;
  };
  const [one, two, pooled, customer, second, call, hidden] = ['one', 'two', 'pooled', 'customer', 'second', 'call', 'hidden'].map(id) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const words = { description: '', category: '', nature: 'task', priority: 'normal', source: 'phone' } as const;
  const created = (ticketId: string, customerId: string, assigneeId: string | null, known = false): Command =>
    command(
      'create',
      ticketId,
      {
        ...words,
        customerId,
        ...(!known && { customer: { name: '周砚秋', phones: ['13800006021'] } }),
        subject: '掉线',
        groupId: company.groups.one.id,
        assigneeId,
      },
      now,
    );
  const renamed = (ticketId: string, from: string, to: string): Command =>
    command('update', ticketId, { note: '', changes: [{ field: 'subject', from, to }], waiting: false }, now);
  const release = command('release', two, { reason: '忙' }, now);
  const commands: Command[] = [
    created(one, customer, ann.account.id),
    created(two, customer, ann.account.id, true),
    created(one, customer, ann.account.id, true),
    created(pooled, second, null),
    created(v7(), hidden, ann.account.id, true),
    command('note', v7(), { note: '无' }, now),
    renamed(one, '掉线', '频繁掉线'),
    renamed(one, '掉线', '偶尔掉线'),
    command('scheduleCallback', one, { callbackId: call, dueAt: now + HOUR, note: '回电' }, now),
    command('rescheduleCallback', one, { callbackId: call, from: now + HOUR, dueAt: now + 2 * HOUR }, now),
    command('claim', pooled, {}, now),
    command('invalidate', pooled, { reason: '空号' }, now),
    release,
    command('undo', two, { eventId: release.id }, now),
    command('transfer', one, { toId: ben.account.id, reason: '片区' }, now),
    renamed(one, '频繁掉线', '不掉线'),
    command('note', one, { note: '补充' }, now),
    command('resolve', two, { report: '好了' }, now),
  ];
  for (const [i, c] of commands.entries()) names.set(c.id, `command ${i}`);
  const outcome = async (): Promise<unknown> => {
    const { tickets, customers, callbacks, events } = await company.truth();
    const mine = {
      tickets: tickets.filter((t) => names.has(t.row.id)).map((t) => ({ ...t, row: { ...t.row, number: 0 } })),
      customers: customers.filter((c) => names.has(c.row.id)),
      callbacks: callbacks.filter((c) => names.has(c.ticketId)),
      events: events.filter((e) => names.has(e.ticketId)),
    };
    const text = JSON.stringify(mine).replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, (found) => names.get(found) ?? found);
    const named = JSON.parse(text) as Record<string, object[]>;
    // Rows come in no order of their own.
    return Object.fromEntries(Object.entries(named).map(([kind, rows]) => [kind, rows.map((r) => JSON.stringify(r)).toSorted()]));
  };
  return { commands, outcome };
}
