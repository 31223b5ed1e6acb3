import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../../tests/support/fast-check.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { type Condition, ticketFilter, type TicketFilter } from '../../shared/domain/filter/filter.ts';
import { type Filterable, matches } from '../../shared/domain/filter/matches.ts';
import { type Account } from '../../shared/domain/people.ts';
import { matchText } from '../../shared/domain/search/match-text.ts';
import { wordsOf } from '../../shared/domain/search/words.ts';
import type { Callback, Customer, Ticket, TicketEvent } from '../../shared/domain/tickets.ts';
import {
  baseCallback,
  baseCustomer,
  baseEvent,
  baseTicket,
  admin,
  holder,
  colleague,
  NOW,
  uuid,
} from '../../shared/domain/commands/decide-world.ts';
import { openCache } from '../open.ts';
import { putRow, removeRow } from '../writes/rows.ts';
import { readList } from './ticket-lists.ts';

// The device's SQL and the rule in the domain have to give the same tickets, whatever is asked.

const folder = mkdtempSync(join(tmpdir(), 'zuoxi-lists-'));
const cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
afterAll(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const DAY = 86_400_000;
const zone = 'Asia/Shanghai';
const me: Account = { ...admin, groupIds: [...admin.groupIds] };
const moments = { now: NOW, zone, endOfToday: NOW + 6 * 3_600_000 };

const word = fc.constantFrom(
  '退款',
  '掉线',
  '宽带',
  'WiFi',
  'É',
  '100M',
  '张三丰',
  '单雄信',
  '_%',
  "o'b",
  '"q"',
  '片区',
  'ＡＢ',
  'x',
  '款',
);
const words = fc.array(word, { maxLength: 4 }).map((list) => list.join(''));
const phone = fc.constantFrom('138-1234 6021', '02583000000', '', '+8613812346021');
const time = fc.oneof(fc.constant(null), fc.integer({ min: NOW - 40 * DAY, max: NOW + 10 * DAY }));
const customValue = fc.oneof(
  fc.constant(null),
  words,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(word, { maxLength: 3 }),
  fc.constantFrom('2026-11-20', '2027-01-01'),
);

const customers = [201, 202, 203].map((n): fc.Arbitrary<Customer> =>
  fc
    .record({
      name: words,
      phones: fc.array(phone, { maxLength: 2 }),
      emails: fc.array(words, { maxLength: 2 }),
      address: words,
      tier: fc.constantFrom('', '金卡客户'),
      ownerId: fc.constantFrom(null, holder.id, admin.id),
    })
    .map((part) => ({ ...baseCustomer, ...part, id: uuid(n) })),
);
const ticketOf = (n: number): fc.Arbitrary<Filterable> =>
  fc
    .record({
      subject: words,
      description: words,
      category: fc.constantFrom('', '宽带', '家电'),
      status: fc.constantFrom('pending', 'processing', 'waiting', 'resolved', 'closed', 'released', 'suspended'),
      priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
      nature: fc.constantFrom('incident', 'problem', 'question', 'task'),
      source: fc.constantFrom('phone', 'email', 'desktop'),
      customerId: fc.constantFrom(uuid(201), uuid(202), uuid(203), uuid(299)),
      assigneeId: fc.constantFrom(null, holder.id, admin.id, colleague.id),
      createdBy: fc.constantFrom(null, holder.id, admin.id),
      groupId: fc.constantFrom('g1', 'g2'),
      number: fc.constantFrom(null, 100_000 + n),
      createdAt: fc.integer({ min: NOW - 40 * DAY, max: NOW }),
      updatedAt: fc.integer({ min: NOW - 40 * DAY, max: NOW }),
      dueAt: time,
      nextAt: time,
      resolvedAt: time,
      invalid: fc.boolean(),
      custom: fc.dictionary(fc.constantFrom('a', 'b', '片区'), customValue),
      callbacks: fc.array(
        fc.record({ dueAt: fc.integer({ min: NOW - 5 * DAY, max: NOW + 5 * DAY }), outcome: fc.constantFrom(null, 'done' as const) }),
        { maxLength: 2 },
      ),
      notes: fc.array(words, { maxLength: 2 }),
    })
    .map(({ callbacks, notes, ...part }) => {
      const ticket = { ...baseTicket, ...part, id: uuid(n), version: 1 } as Ticket;
      return {
        ticket,
        customer: null,
        callbacks: callbacks.map((c, i): Callback => ({ ...baseCallback, ...c, id: uuid(n * 10 + i), ticketId: ticket.id })),
        events: notes.map((note, i): TicketEvent => ({ ...baseEvent, id: uuid(n * 100 + i), ticketId: ticket.id, note })),
      };
    });
const world = fc.record({ customers: fc.tuple(...customers), tickets: fc.tuple(...[1, 2, 3, 4, 5, 6].map((n) => ticketOf(n))) });

const range = fc.oneof(
  fc.record({ from: time, to: time }),
  fc.record({
    relative: fc.constantFrom(
      'overdue',
      'today',
      'yesterday',
      'tomorrow',
      'last7',
      'last30',
      'next3',
      'next7',
      'thisMonth',
      'lastMonth',
      'none',
    ),
  }),
);
const some = <T>(...of: T[]): fc.Arbitrary<T[]> => fc.uniqueArray(fc.constantFrom(...of), { minLength: 1 });
const contains = word.filter((w) => w.trim() !== '');
const condition = fc.oneof(
  fc.record({ field: fc.constant('status'), any: some('pending', 'waiting', 'resolved', 'released') }),
  fc.record({ field: fc.constant('priority'), any: some('low', 'urgent') }),
  fc.record({ field: fc.constant('nature'), any: some('incident', 'task') }),
  fc.record({ field: fc.constant('source'), any: some('phone', 'email') }),
  fc.record({ field: fc.constant('category'), any: some('', '宽带') }),
  fc.record({ field: fc.constant('tier'), any: some('', '金卡客户') }),
  fc.record({ field: fc.constant('groupId'), any: some('g1', 'g2') }),
  fc.record({ field: fc.constantFrom('assigneeId', 'createdBy', 'ownerId'), any: some<string | null>('me', holder.id, null) }),
  fc.record({ field: fc.constantFrom('subject', 'description', 'customer', 'email', 'address', 'history'), contains }),
  fc.record({ field: fc.constant('phone'), contains: fc.constantFrom('12346', '138', '8300', 'x') }),
  fc.record({ field: fc.constant('number'), from: fc.constantFrom(null, 100_002), to: fc.constantFrom(null, 100_004) }),
  fc.record({ field: fc.constantFrom('createdAt', 'updatedAt', 'dueAt', 'nextAt', 'resolvedAt', 'callbackAt'), at: range }),
  fc.record({ field: fc.constantFrom('invalid', 'callback'), is: fc.boolean() }),
  fc.record({
    field: fc.constant('custom'),
    key: fc.constantFrom('a', 'b', '片区'),
    test: fc.oneof(
      fc.record({ op: fc.constant('contains'), text: contains }),
      fc.record({ op: fc.constant('any'), values: some('退款', '掉线', '') }),
      fc.record({ op: fc.constant('number'), from: fc.constantFrom(null, 0), to: fc.constantFrom(null, 5) }),
      fc.record({ op: fc.constant('date'), from: fc.constantFrom(null, '2026-11-01'), to: fc.constantFrom(null, '2026-12-31') }),
      fc.record({ op: fc.constant('is'), value: fc.boolean() }),
      fc.record({ op: fc.constant('empty') }),
    ),
  }),
) as fc.Arbitrary<Condition>;

type World = { customers: readonly Customer[]; tickets: readonly Filterable[] };

function fill({ customers: people, tickets }: World): Filterable[] {
  cache.transaction((db) => {
    for (let n = 1; n <= 6; n += 1) {
      removeRow(db, 'ticket', uuid(n));
      for (let i = 0; i < 3; i += 1) {
        removeRow(db, 'callback', uuid(n * 10 + i));
        removeRow(db, 'event', uuid(n * 100 + i));
      }
    }
    putRow(db, 'account', me);
    for (const c of people) putRow(db, 'customer', { ...c, name: `${c.name}·` });
    for (const c of people) putRow(db, 'customer', c);
    for (const t of tickets) {
      putRow(db, 'ticket', t.ticket);
      for (const c of t.callbacks) putRow(db, 'callback', c);
      for (const e of t.events) putRow(db, 'event', e);
    }
  });
  return tickets.map((t) => ({ ...t, customer: people.find((c) => c.id === t.ticket.customerId) ?? null }));
}

const listed = (filter: TicketFilter, text = ''): { ids: string[]; total: number } => {
  const page = readList(
    cache.db,
    me,
    { list: 'all', text, filter, due: 'all', sort: 'number', descending: false, offset: 0, limit: 50 },
    moments,
  );
  return { ids: page.rows.map((r) => r.id).toSorted(), total: page.total };
};

describe('X20 conditions', () => {
  test('the list holds exactly the tickets that pass, and its total is their number', () => {
    fc.assert(
      fc.property(world, fc.array(condition, { minLength: 1, maxLength: 3 }), (w, conditions) => {
        const parsed = ticketFilter.safeParse(conditions);
        fc.pre(parsed.success);
        const rows = fill(w);
        const expected = rows.filter((r) => matches(parsed.data, r, { me: me.id, now: NOW, zone })).map((r) => r.ticket.id);
        expect(listed(parsed.data)).toEqual({ ids: expected.toSorted(), total: expected.length });
      }),
      { numRuns: 600 },
    );
  });
});

describe('F15 words', () => {
  const query = fc.oneof(
    words,
    fc.constantFrom('tk', 'tuikuan', 'zsf', 'sxx', 'dxx', '12346', '3', '款', 'm', '退款 掉线', 'e', '100 m', '0000', 'ab', 'É', 'é'),
  );
  test('the index finds exactly what the rule finds, also after rows have changed and gone', () => {
    fc.assert(
      fc.property(world, world, query, (before, w, text) => {
        fc.pre(wordsOf(text).length > 0);
        fill(before);
        const rows = fill(w);
        const expected = rows.filter(
          ({ ticket, customer, events }) =>
            matchText(text, {
              number: ticket.number,
              subject: ticket.subject,
              customerName: customer?.name ?? '',
              phones: customer?.phones ?? [],
              description: ticket.description,
              notes: events.map((e) => e.note),
            }) !== null,
        );
        expect(listed([], text)).toEqual({ ids: expected.map((r) => r.ticket.id).toSorted(), total: expected.length });
      }),
      { numRuns: 400 },
    );
  });
});
