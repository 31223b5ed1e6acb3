import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cache, openCache } from '../../db/open.ts';
import { readMeta } from '../../db/reads/meta.ts';
import { tickets } from '../../db/schema/tables.ts';
import { baseTicket, holder, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import { silentLogger } from '../../shared/lib/logger.ts';
import type { PullRequest, PullResponse } from '../../shared/protocol/wire.ts';
import { ChangeHub } from '../live/changes.ts';
import { type Transport, TransportError } from '../ports.ts';
import { Tokens } from '../session/tokens.ts';
import { systemTimers } from '../system-timers.ts';
import { SyncEngine } from './engine.ts';
import { readKnown } from './known.ts';
import { page } from './page-world.ts';

let folder: string;
let cache: Cache;
let engine: SyncEngine | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-engine-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
});
afterEach(async () => {
  await engine?.stop();
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An engine whose server answers a pull with this. */
async function begin(pull: (request: PullRequest) => Promise<PullResponse>): Promise<SyncEngine> {
  const clock = { now: () => NOW };
  const transport = {
    pull: (_url: string, _token: string, request: PullRequest) => pull(request),
    live: () => ({ close: () => {} }),
  } as unknown as Transport;
  const host = { call: async () => ({}) } as unknown as ConstructorParameters<typeof Tokens>[0]['host'];
  const tokens = new Tokens({ host, transport, clock, url: '', name: 'refresh', logger: silentLogger, onErased: () => {} });
  await tokens.accept({
    accessToken: 'a',
    accessExpiresIn: 600_000,
    refreshToken: 'r'.repeat(16),
    account: holder,
    epoch: 'e',
    now: NOW,
  } as never);
  engine = new SyncEngine({
    cache,
    hub: new ChangeHub(),
    transport,
    tokens,
    url: '',
    deviceId: 'device-1',
    me: () => holder,
    clock,
    timers: systemTimers,
    random: () => 0,
    logger: silentLogger,
    waiting: () => [],
    onReceived: () => {},
    onApplied: () => {},
    onRefused: () => {},
    onCall: () => {},
    onContact: () => {},
    onEnded: () => {},
  });
  engine.start();
  return engine;
}

const ticketsHere = (): number => cache.db.select({ id: tickets.id }).from(tickets).all().length;
const snapshotPage = (n: number, last: number): PullResponse =>
  page(
    { mode: 'snapshot', cursor: 10, head: { seq: 10 + n, mark: 100 + n }, after: n < last ? `p${n}` : null },
    { tickets: [{ ...baseTicket, id: uuid(n), custom: {} }] },
  );
const pageAfter = (after: string | null): number => Number(after?.slice(1) ?? 0) + 1;

test('the next page of a snapshot is asked for before the one that came is written, and as if it were', async () => {
  const requests: { readonly request: PullRequest; readonly here: number }[] = [];
  const places: object[] = [];
  await begin(async (request) => {
    requests.push({ request, here: ticketsHere() });
    places.push({ ...readKnown(cache.db), view: readMeta(cache.db, 'view'), after: readMeta(cache.db, 'after') });
    return snapshotPage(pageAfter(request.after), 4);
  });
  await expect.poll(() => readMeta(cache.db, 'cursor')).toBe('10');
  expect(requests.map((r) => r.here)).toEqual([0, 0, 1, 2]);
  // What the cache knew a page later.
  const told = requests.map(({ request: { epoch, seen, mark, view, after } }) => ({ epoch, seen, mark, view, after }));
  expect(told.slice(1, 3)).toEqual(places.slice(2));
  expect(ticketsHere()).toBe(4);
});

test('a page that fails after it was asked for ahead is asked for again, and none twice before', async () => {
  const asked: (string | null)[] = [];
  let failures = 1;
  const running = await begin(async (request) => {
    asked.push(request.after);
    if (request.after === 'p2' && failures-- > 0) throw new TransportError('unreachable');
    return snapshotPage(pageAfter(request.after), 3);
  });
  await expect.poll(() => running.state.problem).toBe('unreachable');
  expect(ticketsHere()).toBe(2);
  running.kick();
  await expect.poll(() => readMeta(cache.db, 'cursor')).toBe('10');
  expect(asked).toEqual([null, 'p1', 'p2', 'p2']);
});

test('an engine that is stopped hears out what it asked for ahead, and does not write it', async () => {
  const answers = new Map<string | null, (answer: PullResponse) => void>();
  const running = await begin(
    (request) =>
      new Promise((resolve) => {
        answers.set(request.after, resolve);
      }),
  );
  await expect.poll(() => answers.has(null)).toBe(true);
  answers.get(null)!(snapshotPage(1, 3));
  await expect.poll(() => answers.has('p1')).toBe(true);
  await expect.poll(ticketsHere).toBe(1);
  let stopped = false;
  const stopping = running.stop().then(() => (stopped = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  answers.get('p1')!(snapshotPage(2, 3));
  await stopping;
  expect(ticketsHere()).toBe(1);
  expect(answers.has('p2')).toBe(false);
});

test('a page that cannot be written ends the cycle only when what was asked for ahead has come', async () => {
  const ahead: ((answer: PullResponse) => void)[] = [];
  const running = await begin(async (request) => {
    if (request.after !== null) return new Promise((resolve) => void ahead.push(resolve));
    const first = snapshotPage(1, 3);
    return { ...first, rows: { ...first.rows, tickets: [{ ...first.rows.tickets[0]!, subject: null as never }] } };
  });
  await expect.poll(() => ahead.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(running.state.problem).toBeNull();
  ahead[0]!(snapshotPage(2, 3));
  await expect.poll(() => running.state.problem).toBe('server-fault');
  expect(ticketsHere()).toBe(0);
});
