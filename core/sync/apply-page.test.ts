import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cache, openCache } from '../../db/open.ts';
import { readMeta } from '../../db/reads/meta.ts';
import { isHere } from '../../db/writes/leaving.ts';
import { putRow } from '../../db/writes/rows.ts';
import { drafts, events, keptDrafts, outbox, tickets } from '../../db/schema/tables.ts';
import { baseCustomer, baseTicket, colleague, DAY, holder, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import type { Command } from '../../shared/domain/commands/index.ts';
import type { PullResponse } from '../../shared/protocol/wire.ts';
import { act } from '../commands/act.ts';
import { applyPage, isComplete } from './apply-page.ts';
import { forgetSeen, readKnown } from './known.ts';
import { createCommand, page, type Rows } from './page-world.ts';
import { nextBatch, recordResults } from './queue.ts';

let folder: string;
let cache: Cache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-page-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
});
afterEach(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const ticket = (n: number, part: object = {}): Rows['tickets'][number] => ({ ...baseTicket, id: uuid(n), custom: {}, ...part });
const apply = (p: PullResponse) => applyPage(cache, p, holder, NOW);
const idsHere = (): string[] =>
  cache.db
    .select({ id: tickets.id })
    .from(tickets)
    .all()
    .map((t) => t.id);
const snapshot = (): void => {
  apply(
    page(
      { mode: 'snapshot', cursor: 10 },
      {
        accounts: [{ ...holder, groupIds: [...holder.groupIds] }],
        customers: [{ ...baseCustomer, phones: [], emails: [], releasedBy: [] }],
        tickets: [ticket(1), ticket(2)],
      },
    ),
  );
};

describe('SPEC 4 the cursor moves only with its data', () => {
  test('who is told of a ticket from somebody else is told in the transaction of the page', () => {
    snapshot();
    const handed = page(
      { cursor: 11 },
      {
        tickets: [ticket(1, { assigneeId: holder.id })],
        events: [
          {
            id: uuid(70),
            ticketId: uuid(1),
            actorId: colleague.id,
            command: 'transfer',
            note: '',
            changes: { assigneeId: { from: colleague.id, to: holder.id } },
            occurredAt: NOW,
            receivedAt: NOW,
          },
        ],
      },
    );
    expect(() =>
      applyPage(cache, handed, holder, NOW, () => {
        throw new Error('the process ends here');
      }),
    ).toThrow('the process ends here');
    expect(readMeta(cache.db, 'cursor')).toBe('10');
    const told: string[] = [];
    const hear = (_: unknown, list: readonly { id: string }[]): void => void told.push(...list.map((e) => e.id));
    applyPage(cache, handed, holder, NOW, hear);
    applyPage(cache, handed, holder, NOW, hear);
    expect(told).toEqual([uuid(70)]);
  });

  test('of a snapshot only the pages between the first and the last do not wait for the disk', () => {
    const waits = (p: PullResponse): boolean => {
      apply(p);
      return cache.pragma('synchronous') === 2;
    };
    const part = (n: number, after: string | null): PullResponse => page({ mode: 'snapshot', cursor: 10, after }, { tickets: [ticket(n)] });
    expect([part(1, 'a'), part(2, 'b'), part(3, 'c'), part(4, null)].map(waits)).toEqual([true, false, false, true]);
    expect(waits(page({ cursor: 11 }, { tickets: [ticket(5)] }))).toBe(true);
  });

  test('a page that cannot be written whole leaves neither rows nor cursor', () => {
    snapshot();
    const broken = page({ cursor: 20, epoch: 'other' }, { tickets: [ticket(3), ticket(4, { subject: null })] });
    expect(() => apply(broken)).toThrow();
    expect(readMeta(cache.db, 'cursor')).toBe('10');
    expect(readMeta(cache.db, 'epoch')).toBe('e');
    expect(idsHere()).toEqual([uuid(1), uuid(2)]);
    apply(page({ cursor: 20 }, { tickets: [ticket(3)] }));
    expect(readMeta(cache.db, 'cursor')).toBe('20');
    expect(idsHere()).toEqual([uuid(1), uuid(2), uuid(3)]);
  });

  test('a snapshot has none until its last page, and goes on from its place after a restart', () => {
    apply(page({ mode: 'snapshot', cursor: 10, after: 'p1', total: 2 }, { tickets: [ticket(1)] }));
    expect(isComplete(cache.db)).toBe(false);
    expect(readMeta(cache.db, 'after')).toBe('p1');
    cache.close();
    cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
    apply(page({ mode: 'snapshot', cursor: 10 }, { tickets: [ticket(2)] }));
    expect(isComplete(cache.db)).toBe(true);
    expect(idsHere()).toEqual([uuid(1), uuid(2)]);
  });

  test('the same page twice is as once', () => {
    snapshot();
    const again = page({ cursor: 11 }, { tickets: [ticket(1, { subject: '新' })] });
    apply(again);
    apply(again);
    expect(
      cache.db
        .select()
        .from(tickets)
        .all()
        .map((t) => t.subject),
    ).toEqual(['新', baseTicket.subject]);
  });
});

describe('SPEC 8 a reset', () => {
  test('of another view takes everything off the device at once', () => {
    snapshot();
    apply(page({ mode: 'reset', cursor: 30, view: 'w' }));
    expect(isComplete(cache.db)).toBe(false);
    expect(idsHere()).toEqual([]);
  });

  test('of another epoch keeps what is on screen until the new snapshot begins, and then nothing of before', () => {
    snapshot();
    apply(page({ mode: 'reset', cursor: 30, epoch: 'f' }));
    expect(isComplete(cache.db)).toBe(false);
    expect(idsHere()).toHaveLength(2);
    apply(page({ mode: 'snapshot', cursor: 30, view: 'w' }, { tickets: [ticket(9)] }));
    expect(idsHere()).toEqual([uuid(9)]);
  });
});

describe('what screens read anew after a page', () => {
  const topics = (part: Parameters<typeof page>[0], rows: Partial<Rows> = {}): string[] =>
    [...apply(page({ cursor: 11, ...part }, rows)).topics].toSorted();

  test('is what the page has rows of, and nothing after one without', () => {
    snapshot();
    expect(topics({})).toEqual([]);
    expect(topics({}, { tickets: [ticket(1, { subject: 'other' })] })).toEqual(['tickets']);
    expect(topics({ evict: { tickets: [], customers: [uuid(99)] } })).toContain('customers');
    expect(topics({}, { customers: [{ ...baseCustomer, phones: [], emails: [], releasedBy: [] }] })).toEqual(['customers']);
    expect(topics({}, { phrases: [] })).toEqual(['personal']);
    expect(topics({}, { accounts: [{ ...colleague, groupIds: [...colleague.groupIds] }] })).toEqual(['directory', 'session']);
    expect([...apply(page({ cursor: 11 }, { tickets: [ticket(2)] })).tickets!]).toEqual([uuid(2)]);
  });

  test('is all of it when more than the page changed', () => {
    snapshot();
    const all = ['customers', 'outbox', 'personal', 'tickets'];
    expect(topics({ epoch: 'restored' })).toEqual(all);
    expect(topics({ mode: 'snapshot', epoch: 'restored' })).toEqual(all);
    expect(topics({ mode: 'reset', epoch: 'restored', view: 'w' })).toEqual(all);
    expect(apply(page({ mode: 'snapshot', epoch: 'restored', cursor: 12 })).tickets).toBeNull();
  });

  test('is a command’s ticket when the queue lets it go, though the page brings no row', () => {
    snapshot();
    const command: Command = { id: uuid(50), kind: 'note', ticketId: uuid(1), args: { note: 'x' }, occurredAt: NOW };
    act(cache, command, holder, NOW);
    recordResults(cache, [{ id: uuid(50), status: 'applied', seq: 11 }], holder, NOW);
    const applied = apply(page({ cursor: 11 }));
    expect([[...applied.topics].toSorted(), [...applied.tickets!]]).toEqual([['outbox', 'tickets'], [uuid(1)]]);
  });
});

describe('the queue and a page', () => {
  const note = (n: number, ticketId: string, text = 'x'): Command => ({
    id: uuid(n),
    kind: 'note',
    ticketId,
    args: { note: text },
    occurredAt: NOW + n,
  });
  const queue = (): [string, string][] =>
    cache.db
      .select()
      .from(outbox)
      .all()
      .map((o) => [o.commandId, o.state]);

  test('SPEC 6 what the server has taken has its effect until that has been pulled, and is then only remembered', () => {
    snapshot();
    expect(act(cache, note(50, uuid(1)), holder, NOW).ok).toBe(true);
    recordResults(cache, [{ id: uuid(50), status: 'applied', seq: 15 }], holder, NOW);
    apply(page({ cursor: 14 }));
    expect(queue()).toEqual([[uuid(50), 'acked']]);
    apply(page({ cursor: 15 }));
    expect(queue()).toEqual([[uuid(50), 'done']]);
    // The server did not send the event: nothing here makes up for it any more.
    expect(cache.db.select().from(events).all()).toEqual([]);
    applyPage(cache, page({ cursor: 16 }), holder, NOW + 8 * DAY);
    expect(queue()).toEqual([]);
  });

  test('SPEC 14 another epoch sends everything again that the server once took, in the old order, and keeps what it refused', () => {
    snapshot();
    for (const n of [50, 51, 52, 53]) act(cache, note(n, uuid(1)), holder, NOW);
    recordResults(cache, [{ id: uuid(50), status: 'applied', seq: 12 }], holder, NOW);
    recordResults(cache, [{ id: uuid(51), status: 'refused', refusal: { code: 'not-found' } }], holder, NOW);
    recordResults(cache, [{ id: uuid(52), status: 'applied', seq: 15 }], holder, NOW);
    apply(page({ cursor: 13 }));
    expect(queue().map(([, state]) => state)).toEqual(['done', 'refused', 'acked', 'queued']);
    const reset = apply(page({ mode: 'reset', epoch: 'restored', cursor: 9 }));
    expect(reset.requeued).toBe(2);
    expect(queue().map(([, state]) => state)).toEqual(['queued', 'refused', 'queued', 'queued']);
    expect(nextBatch(cache.db, { count: 10, bytes: 9_999 }).map((r) => r.commandId)).toEqual([50, 52, 53].map(uuid));
    // Said once: the pages that follow carry the same epoch.
    expect(apply(page({ mode: 'snapshot', epoch: 'restored', cursor: 9 }, { tickets: [ticket(1)] })).requeued).toBeNull();
  });

  test('SPEC 14 answers that came before the first page belong to their epoch, too', () => {
    cache.transaction((db) => putRow(db, 'ticket', ticket(1) as never));
    act(cache, note(50, uuid(1)), holder, NOW);
    recordResults(cache, [{ id: uuid(50), status: 'applied', seq: 15 }], holder, NOW, 'before');
    expect(apply(page({ mode: 'snapshot', epoch: 'restored', cursor: 9 }, { tickets: [ticket(1)] })).requeued).toBe(1);
    expect(queue()).toEqual([[uuid(50), 'queued']]);
  });

  test('SPEC 14 the furthest place that a page or an answer told is kept with its mark, and ends with its epoch', () => {
    const seen = (): unknown => {
      const { seen: at, mark } = readKnown(cache.db);
      return [at, mark];
    };
    expect(seen()).toEqual([0, null]);
    apply(page({ mode: 'snapshot', cursor: 10, mark: 110, after: 'p1', total: 1 }));
    expect(seen()).toEqual([10, 110]);
    apply(page({ mode: 'snapshot', cursor: 10, mark: 110 }, { tickets: [ticket(1)] }));
    act(cache, note(50, uuid(1)), holder, NOW);
    recordResults(cache, [{ id: uuid(50), status: 'applied', seq: 15, mark: 115 }], holder, NOW);
    expect(seen()).toEqual([15, 115]);
    apply(page({ cursor: 12, mark: 112, more: true }));
    expect(seen()).toEqual([15, 115]);
    // Whoever answers without one has not disproved it.
    apply(page({ cursor: 20, mark: null }));
    expect(seen()).toEqual([15, 115]);
    // Its rows are as at the head, which may be further than its cursor.
    apply(page({ cursor: 16, mark: 116, more: true, head: { seq: 18, mark: 118 } }));
    expect(seen()).toEqual([18, 118]);
    apply(page({ mode: 'reset', cursor: 21, mark: 121, view: 'w' }));
    expect(seen()).toEqual([21, 121]);
    apply(page({ mode: 'reset', cursor: 4, mark: 204, view: 'w', epoch: 'restored' }));
    expect(seen()).toEqual([4, 204]);
  });

  test('SPEC 14 a cache of an older app tells its cursor, and the mark from its next page on', () => {
    snapshot();
    cache.transaction(forgetSeen);
    expect(readKnown(cache.db)).toEqual({ epoch: 'e', seen: 10, mark: null });
    apply(page({ cursor: 10, mark: 110 }));
    expect(readKnown(cache.db)).toEqual({ epoch: 'e', seen: 10, mark: 110 });
  });

  test('SPEC 9 what was evicted keeps its queued text', () => {
    snapshot();
    act(cache, note(50, uuid(1), '没说完'), holder, NOW);
    apply(page({ cursor: 11, evict: { tickets: [uuid(1)], customers: [] } }));
    expect(idsHere()).toEqual([uuid(2)]);
    expect(nextBatch(cache.db, { count: 10, bytes: 1000 }).map((r) => r.args)).toEqual([{ note: '没说完' }]);
  });

  const draftOf = (id: string): { form: string; value: string; savedAt: number } => ({
    form: `ticket:${id}`,
    value: '"打了一半"',
    savedAt: NOW,
  });
  const draftForms = (): string[] =>
    cache.db
      .select()
      .from(drafts)
      .all()
      .map((d) => d.form);
  const kept = () => cache.db.select().from(keptDrafts).all();

  test.each([
    ['evicted', () => apply(page({ cursor: 11, evict: { tickets: [uuid(1)], customers: [] } }))],
    ['gone with the view', () => apply(page({ mode: 'reset', view: 'narrower', cursor: 11 }))],
  ])('SPEC 15 when a ticket is %s, what was typed stays with its number and nothing else of the ticket', (_, leave) => {
    apply(
      page(
        { mode: 'snapshot', cursor: 10 },
        { customers: [baseCustomer as never], tickets: [ticket(1, { subject: 'SECRET', number: 104_001 }), ticket(2)] },
      ),
    );
    cache.transaction((db) =>
      db
        .insert(drafts)
        .values(draftOf(uuid(1)))
        .run(),
    );
    act(cache, note(50, uuid(1), '没说完'), holder, NOW);
    act(cache, note(51, uuid(1), '被拒绝'), holder, NOW);
    const fields = [{ field: 'subject', base: 'SECRET', mine: 'm', theirs: 'SECRET too' }];
    recordResults(cache, [{ id: uuid(51), status: 'refused', refusal: { code: 'conflict', fields } }], holder, NOW);
    leave();
    expect(draftForms()).toEqual([]);
    expect(kept()).toEqual([{ form: `ticket:${uuid(1)}`, value: '"打了一半"', number: 104_001, keptAt: NOW }]);
    const left = cache.db.select().from(outbox).all();
    expect(left.map((o) => [o.commandId, o.number, o.subject, o.args])).toEqual([
      [uuid(50), 104_001, '', { note: '没说完' }],
      [uuid(51), 104_001, '', { note: '被拒绝' }],
    ]);
    expect(left[1]!.refusal).toEqual({ code: 'conflict' });
  });

  test('SPEC 15 what was only remembered about a ticket goes with it, unless it must be sent again', () => {
    const taken = (): void => {
      snapshot();
      act(cache, note(50, uuid(1), 'MINE'), holder, NOW);
      recordResults(cache, [{ id: uuid(50), status: 'applied', seq: 15 }], holder, NOW);
      apply(page({ cursor: 15 }));
    };
    taken();
    apply(page({ cursor: 16, evict: { tickets: [uuid(1)], customers: [] } }));
    expect(queue()).toEqual([]);
    taken();
    apply(page({ mode: 'reset', view: 'narrower', cursor: 11 }));
    expect(queue()).toEqual([]);
    taken();
    apply(page({ mode: 'reset', epoch: 'restored', view: 'narrower', cursor: 11 }));
    expect(queue()).toEqual([[uuid(50), 'queued']]);
  });

  test('SPEC 15 only a ticket or customer can leave: the form of a new one is always about something', () => {
    snapshot();
    const forms = [`ticket:${uuid(1)}`, `ticket:${uuid(9)}`, `customer:${uuid(9)}`, 'customer:new', 'new-ticket', 'export'];
    expect(forms.filter((form) => !isHere(cache.db, form))).toEqual([`ticket:${uuid(9)}`, `customer:${uuid(9)}`]);
  });

  test('SPEC 15 a ticket that comes back brings its draft back, but never over a newer one', () => {
    snapshot();
    cache.transaction((db) =>
      db
        .insert(drafts)
        .values([draftOf(uuid(1)), draftOf(uuid(2)), { form: 'new-ticket', value: '1', savedAt: NOW }])
        .run(),
    );
    apply(page({ cursor: 11, evict: { tickets: [uuid(1), uuid(2)], customers: [] } }));
    expect(draftForms()).toEqual(['new-ticket']);
    cache.transaction((db) =>
      db
        .insert(drafts)
        .values({ ...draftOf(uuid(2)), value: '"新的"' })
        .run(),
    );
    apply(page({ cursor: 12 }, { tickets: [ticket(1), ticket(2)] }));
    expect(draftForms().sort()).toEqual(['new-ticket', `ticket:${uuid(1)}`, `ticket:${uuid(2)}`]);
    expect(
      cache.db
        .select()
        .from(drafts)
        .where(eq(drafts.form, `ticket:${uuid(2)}`))
        .get()?.value,
    ).toBe('"新的"');
    expect(kept()).toEqual([]);
  });

  test('SPEC 9 a batch keeps to its limits and leaves out what has to wait, together with what hangs on it', () => {
    snapshot();
    for (let n = 50; n < 56; n += 1) act(cache, note(n, uuid(n % 2 === 0 ? 1 : 2), 'x'.repeat(80)), holder, NOW);
    const ids = (count: number, bytes: number, held: string[] = []): string[] =>
      nextBatch(cache.db, { count, bytes }, new Set(held)).map((r) => r.commandId);
    expect(ids(100, 10_000)).toEqual([50, 51, 52, 53, 54, 55].map(uuid));
    expect(ids(2, 10_000)).toEqual([50, 51].map(uuid));
    expect(ids(100, 200)).toEqual([50, 51].map(uuid));
    // One is always taken, or it would never go.
    expect(ids(100, 5)).toEqual([uuid(50)]);
    expect(ids(100, 10_000, [uuid(1)])).toEqual([51, 53, 55].map(uuid));
    expect(act(cache, createCommand, holder, NOW).ok).toBe(true);
    expect(ids(100, 10_000, [uuid(1), uuid(2)])).toEqual([uuid(60)]);
    expect(ids(100, 10_000, [uuid(1), uuid(2), uuid(62)])).toEqual([]);
  });
});
