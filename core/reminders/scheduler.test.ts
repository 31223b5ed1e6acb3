import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Cache, openCache } from '../../db/open.ts';
import { writeMeta } from '../../db/reads/meta.ts';
import { reminders, reminderSteps } from '../../db/schema/tables.ts';
import { putRow } from '../../db/writes/rows.ts';
import { baseCallback, baseCustomer, baseTicket, colleague, holder, HOUR, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import type { Callback, TicketEvent } from '../../shared/domain/tickets.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import { VirtualTime } from '../../tests/support/core/virtual-time.ts';
import { defaultSettings } from '../api/settings.ts';
import { ChangeHub } from '../live/changes.ts';
import type { Host } from '../ports.ts';
import { arm, close, markShown } from './ledger.ts';
import { reconcile } from './reconcile.ts';
import { ReminderScheduler } from './scheduler.ts';

const MINUTE = 60_000;

let folder: string;
let cache: Cache;
let time: VirtualTime;
let serial = 0;
let quiet = defaultSettings.quiet;
const ids = (): string => uuid((serial += 1) + 5000);

/** A desktop that answers when the test lets it. */
interface Desktop {
  readonly host: Host;
  readonly shown: { readonly id: string; readonly title: string }[];
  readonly withdrawn: string[];
  /** Set: the next shows wait for it. */
  gate: Promise<void> | null;
}
function desktop(): Desktop {
  const d: Desktop = {
    shown: [],
    withdrawn: [],
    gate: null,
    host: {
      call: async (name: string, input: unknown) => {
        if (name === 'notify.withdraw') d.withdrawn.push((input as { id: string }).id);
        if (name === 'notify.show') {
          d.shown.push(input as { id: string; title: string });
          await d.gate;
        }
        return { shown: true } as never;
      },
    } as Host,
  };
  return d;
}

const start = (d: Desktop): ReminderScheduler => {
  const scheduler = new ReminderScheduler({
    cache,
    hub: new ChangeHub(),
    host: d.host,
    me: () => holder,
    clock: time,
    timers: time,
    ids,
    zone: () => 'Asia/Shanghai',
    settings: () => ({ ...defaultSettings, expiryNoticeAt: 1439, quiet }),
    logger: silentLogger,
  });
  scheduler.start();
  return scheduler;
};

const put = (callback: Partial<Callback>): void => cache.transaction((db) => putRow(db, 'callback', { ...baseCallback, ...callback }));
const ledger = () => cache.db.select().from(reminders).orderBy(asc(reminders.showAt), asc(reminders.id)).all();
const steps = (): string[] =>
  cache.db
    .select()
    .from(reminderSteps)
    .orderBy(asc(reminderSteps.position))
    .all()
    .map((s) => s.step);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-reminders-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
  time = new VirtualTime(NOW);
  cache.transaction((db) => {
    putRow(db, 'account', holder);
    putRow(db, 'account', colleague);
    putRow(db, 'customer', baseCustomer);
    putRow(db, 'ticket', { ...baseTicket, dueAt: null, nextAt: null });
    writeMeta(db, 'cursor', '1');
  });
});
afterEach(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the ledger follows the rows', () => {
  const run = (): string[] => cache.transaction((db) => reconcile(db, ids, holder, NOW)).map((r) => r.subject);

  test('an open callback of mine is armed once, however often it is looked at', () => {
    put({});
    for (let i = 0; i < 5; i += 1) expect(run()).toEqual([]);
    expect(ledger()).toMatchObject([
      { kind: 'callback', subject: baseCallback.id, showAt: baseCallback.dueAt, state: 'armed', shownAt: null },
    ]);
    expect(steps()).toEqual(['armed']);
  });

  test.each<[string, Partial<Callback>]>([
    ['done', { outcome: 'done' }],
    ['cancelled', { outcome: 'cancelled' }],
    ['gone to a colleague', { assigneeId: colleague.id }],
  ])('a callback that is %s is withdrawn, also from the screen', (_, change) => {
    put({});
    run();
    cache.transaction((db) => markShown(db, ledger()[0]!.id, null, NOW, ''));
    put(change);
    expect(run()).toEqual([baseCallback.id]);
    expect(ledger()).toMatchObject([{ state: 'closed' }]);
    expect(steps()).toEqual(['armed', 'shown', 'withdrawn']);
    expect(run()).toEqual([]);
  });

  test('a moved one is a new reminder and the old one goes', () => {
    put({});
    run();
    put({ dueAt: baseCallback.dueAt + HOUR, snoozes: 1 });
    run();
    expect(ledger().map((r) => [r.showAt, r.state])).toEqual([
      [baseCallback.dueAt, 'closed'],
      [baseCallback.dueAt + HOUR, 'armed'],
    ]);
  });

  test('one that went away unseen and came back is armed again; one that was seen is not', () => {
    put({});
    run();
    put({ assigneeId: colleague.id });
    run();
    put({});
    run();
    expect(ledger()).toMatchObject([{ state: 'armed' }]);
    cache.transaction((db) => markShown(db, ledger()[0]!.id, null, NOW, ''));
    put({ assigneeId: colleague.id });
    run();
    put({});
    run();
    expect(ledger()).toMatchObject([{ state: 'closed' }]);
  });

  test('a transfer is news until its receiver touched the ticket', () => {
    cache.transaction((db) => arm(db, ids, { kind: 'transfer', subject: uuid(77), ticketId: baseTicket.id, showAt: NOW }, NOW));
    expect(run()).toEqual([]);
    expect(ledger()).toMatchObject([{ state: 'armed' }]);
    cache.transaction((db) => putRow(db, 'ticket', { ...baseTicket, status: 'processing' }));
    run();
    expect(ledger()).toMatchObject([{ state: 'closed' }]);
  });

  test('what was withdrawn while the system showed it stays withdrawn, and is not told again', () => {
    put({});
    run();
    const { id } = ledger()[0]!;
    cache.transaction((db) => close(db, id, 'withdrawn', NOW));
    expect(cache.transaction((db) => markShown(db, id, 'digest:1', NOW, ''))).toBe(false);
    expect(ledger()).toMatchObject([{ state: 'closed', digest: 'digest:1', shownAt: NOW }]);
    expect(steps()).toEqual(['armed', 'withdrawn', 'shown', 'withdrawn']);
    // It was seen for a moment; should it stand again, that was its time.
    run();
    expect(ledger()).toMatchObject([{ state: 'closed' }]);
  });
});

describe('a reminder is shown', () => {
  const due = { dueAt: NOW + MINUTE };

  test('once, at its time, and not again by any later look or start', async () => {
    const d = desktop();
    put(due);
    const first = start(d);
    await time.advance(59_000);
    expect(d.shown).toEqual([]);
    await time.advance(1_500);
    expect(d.shown).toHaveLength(1);
    for (let i = 0; i < 10; i += 1) first.refresh();
    await time.advance(10 * MINUTE);
    await first.stop();
    const second = start(d);
    await time.advance(10 * MINUTE);
    await second.stop();
    expect(d.shown).toHaveLength(1);
  });

  test('at most once more when the core dies between the showing and the note of it, and stands in the app either way', async () => {
    const d = desktop();
    put(due);
    // The desktop shows it, and the core dies before it hears so.
    d.gate = new Promise(() => {});
    start(d);
    await time.advance(MINUTE + 1000);
    expect(d.shown).toHaveLength(1);
    expect(ledger()).toMatchObject([{ state: 'armed', shownAt: null }]);
    cache.close();
    time = new VirtualTime(NOW + 2 * MINUTE);
    cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
    d.gate = null;
    const second = start(d);
    await time.advance(5 * MINUTE);
    await second.stop();
    expect(d.shown).toHaveLength(2);
    // The same id: where the desktop can, the second takes the place of the first.
    expect(new Set(d.shown.map((s) => s.id)).size).toBe(1);
    const third = start(d);
    await time.advance(5 * MINUTE);
    await third.stop();
    expect(d.shown).toHaveLength(2);
    expect(ledger()).toMatchObject([{ state: 'shown' }]);
  });

  test('once also when the core is ended in order while the desktop is showing it', async () => {
    const d = desktop();
    put(due);
    let open = (): void => {};
    d.gate = new Promise((resolve) => (open = resolve));
    const first = start(d);
    await time.advance(MINUTE + 1000);
    const stopped = first.stop();
    open();
    await stopped;
    expect(ledger()).toMatchObject([{ state: 'shown' }]);
    const second = start(d);
    await time.advance(5 * MINUTE);
    await second.stop();
    expect(d.shown).toHaveLength(1);
  });

  test('in the app at least, when the desktop never answers, and the next one is not held back', async () => {
    const d = desktop();
    put(due);
    put({ ...due, id: uuid(31) });
    d.gate = new Promise(() => {});
    start(d);
    await time.advance(MINUTE + 30_000);
    expect(d.shown).toHaveLength(2);
    expect(ledger().map((r) => r.state)).toEqual(['shown', 'shown']);
    expect(steps().filter((s) => s === 'shown')).toHaveLength(2);
  });

  test('not at all when it was withdrawn while the one before it was being shown', async () => {
    const d = desktop();
    put(due);
    put({ dueAt: NOW + MINUTE + 1, id: uuid(31) });
    let open = (): void => {};
    d.gate = new Promise((resolve) => (open = resolve));
    const scheduler = start(d);
    await time.advance(MINUTE + 1000);
    expect(d.shown).toHaveLength(1);
    const first = d.shown[0]!.id;
    const second = ledger().find((r) => r.id !== first)!;
    // Both are handled on another device meanwhile.
    put({ outcome: 'done' });
    put({ dueAt: NOW + MINUTE + 1, id: uuid(31), outcome: 'done' });
    scheduler.refresh();
    open();
    await scheduler.stop();
    expect(d.shown.map((s) => s.id)).toEqual([first]);
    expect(ledger().map((r) => r.state)).toEqual(['closed', 'closed']);
    // What the desktop did show is taken back.
    expect(d.withdrawn).toContain(first);
    expect(second.shownAt).toBeNull();
  });

  test('as one digest when more than three are due together, of those that still stand', async () => {
    const d = desktop();
    for (let i = 0; i < 5; i += 1) put({ dueAt: NOW + MINUTE + i, id: uuid(40 + i) });
    const scheduler = start(d);
    await time.sleep(MINUTE * 10);
    await vi.waitFor(() => expect(ledger().every((r) => r.state === 'shown')).toBe(true));
    expect(d.shown).toMatchObject([{ title: '5 个回访时间已到' }]);
    expect(new Set(ledger().map((r) => r.digest))).toEqual(new Set([d.shown[0]!.id]));
    await scheduler.stop();
  });

  test('of a transfer once, though its event is heard of again', async () => {
    const d = desktop();
    const scheduler = start(d);
    const event: TicketEvent = {
      id: uuid(88),
      ticketId: baseTicket.id,
      actorId: colleague.id,
      command: 'transfer',
      note: '',
      changes: {},
      occurredAt: NOW,
      receivedAt: NOW,
    };
    const hear = (): void => {
      cache.transaction((db) => scheduler.received(db, [event]));
      scheduler.refresh();
    };
    hear();
    hear();
    await time.advance(MINUTE);
    hear();
    await time.advance(MINUTE);
    expect(d.shown).toHaveLength(1);
    await scheduler.stop();
  });
});
