import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCache, openEncrypted } from '../../db/open.ts';
import { countBuckets } from '../../db/reads/buckets.ts';
import { bucketWindows } from '../../shared/domain/reminders/buckets.ts';
import { chancesFrom } from '../durability/arguments.ts';
import { openOffice, type Office } from '../support/core/desk.ts';
import { type Device, startDevice } from '../support/core/device.ts';
import { createFakeHost } from '../support/core/fake-host.ts';
import { plansOf } from '../support/core/plans.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';
import { VirtualTime } from '../support/core/virtual-time.ts';

// The six buckets of a leader over a full cache, beside a count of every row that knows nothing of windows or SQL: an
// instant lies in a bucket if its date on the calendar of the zone does.

const TICKETS = 100_000;
const CALLBACKS = 30_000;
const DAY = 86_400_000;

/** Days at whose beginning or end something happens to the clocks; in Santiago one has no midnight, in Lord Howe it is half an hour. */
const days: Readonly<Record<string, readonly string[]>> = {
  'Asia/Shanghai': ['2026-06-15'],
  'Europe/Berlin': ['2026-03-29', '2026-10-25'],
  'America/New_York': ['2026-03-08', '2026-11-01'],
  'America/Santiago': ['2026-04-05', '2026-09-06'],
  'Australia/Lord_Howe': ['2026-04-05', '2026-10-04'],
};
const zones = Object.keys(days);
const calendars = new Map(zones.map((timeZone) => [timeZone, new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })]));
/** The date in a zone, as a number of days. */
const dateAt = (zone: string, at: number): number => Date.parse(calendars.get(zone)!.format(at)) / DAY;

/** The first millisecond of a date in a zone. */
function beginning(zone: string, date: number): number {
  let [before, after] = [(date - 1) * DAY - DAY / 2, (date + 1) * DAY + DAY / 2];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dateAt(zone, middle) >= date) after = middle;
    else before = middle;
  }
  return after;
}

const spans = { past30: [-30, -1], past7: [-7, -1], yesterday: [-1, -1], today: [0, 0], next3: [0, 2], next7: [0, 6] } as const;

interface Row {
  readonly id: string;
  readonly at: number;
  readonly holder: string | null;
  /** Stands in a bucket at all. */
  readonly stands: boolean;
  /** A time that has passed is late. */
  readonly late: boolean;
  readonly dates: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), 'zuoxi-buckets-'));
const host = createFakeHost();
const time = new VirtualTime(Date.now());
let zone = 'Asia/Shanghai';
let office: Office;
let device: Device;
let rows: Row[];
let team: string[];

const cacheFile = () => ({
  path: join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.db'))!,
  ),
  key: [...host.secrets].find(([name]) => name.startsWith('key:'))![1],
});

beforeAll(async () => {
  office = await openOffice();
  const options = { clock: time, timers: time, zone: () => zone, dataDir: folder, host };
  await (await office.device('he', options)).stop({ keep: true });
  rows = fillCache();
  // Whoever shares a group with the leader.
  const { admin, bai, gone, lin } = office.people;
  team = [lin.id, bai.id, gone.id, admin.id];
  const { transport, trouble } = troubledTransport();
  trouble.offline = true;
  device = startDevice({ ...options, transport });
  await device.until('session.state', {}, (s) => s.phase === 'ready');
}, 120_000);
afterAll(async () => {
  await device?.stop();
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Times that lie at the edges of days, and others. */
function makeTimes(): () => number {
  const chances = chancesFrom(5);
  const edges = Object.entries(days).flatMap(([in_, dates]) =>
    dates.flatMap((date) => Array.from({ length: 41 }, (_, k) => beginning(in_, Date.parse(date) / DAY + k - 32))),
  );
  return () => (chances.below(2) === 0 ? chances.pick(edges) + chances.below(3) - 1 : chances.pick(edges) + chances.below(DAY));
}

function fillCache(): Row[] {
  const { path, key } = cacheFile();
  const db = openEncrypted(path, key);
  const { bai, he, ji, lin } = office.people;
  const chances = chancesFrom(7);
  const someTime = makeTimes();
  const holders = [lin.id, lin.id, bai.id, ji.id, he.id];
  const statuses = ['pending', 'processing', 'waiting', 'resolved', 'closed', 'released'] as const;
  const ticket = db.prepare(`INSERT INTO ticket
    (id, subject, description, category, nature, priority, source, status, customer_id, assignee_id, group_id, created_at,
      updated_at, due_at, next_at, invalid, expired_from, custom, deleted_at, version)
    VALUES (@id, '掉线', '', '', 'problem', 'high', 'phone', @status, 'c', @assignee, @group, 0, 0, @at, @at, 0, @expired, '{}', @deleted, 1)`);
  const callback = db.prepare(`INSERT INTO callback VALUES (?, ?, 'c', ?, ?, '', ?, '', 0, 0, NULL)`);
  const made: Row[] = [];
  const add = (row: Omit<Row, 'dates'>): void => void made.push({ ...row, dates: zones.map((z) => dateAt(z, row.at)) });
  db.transaction(() => {
    for (let i = 0; i < TICKETS; i += 1) {
      const status = chances.pick(statuses);
      const [id, at, someone] = [`t${i}`, someTime(), chances.pick(holders)];
      const deleted = chances.below(20) === 0 ? 1 : null;
      const released = status === 'released';
      const expired = released && chances.below(2) === 0 ? someone : null;
      ticket.run({ id, status, at, assignee: released ? null : someone, group: office.groups.one.id, expired, deleted });
      const stands = deleted === null && (released ? expired !== null : status !== 'resolved' && status !== 'closed');
      add({ id: `expiry:${id}`, at, holder: released ? expired : someone, stands, late: !released });
    }
    for (let i = 0; i < CALLBACKS; i += 1) {
      const [id, at, outcome] = [`c${i}`, someTime(), chances.below(3) === 0 ? 'done' : null];
      // The leader has few: each is armed in the ledger first.
      const holder = chances.below(20) === 0 ? he.id : chances.pick([lin.id, bai.id, ji.id]);
      callback.run(id, `t${chances.below(TICKETS)}`, holder, at, outcome);
      add({ id: `callback:${id}`, at, holder, stands: outcome === null, late: true });
    }
    // What is found by words is asked elsewhere.
    db.exec('DELETE FROM search_dirty');
  }).immediate();
  db.close();
  return made;
}

/** Every row is looked at. */
function counted(now: number, holders: readonly string[]) {
  const column = zones.indexOf(zone);
  const today = dateAt(zone, now);
  const counts = Object.fromEntries(Object.keys(spans).map((code) => [code, { total: 0, overdue: 0 }]));
  const each = Object.entries(spans);
  for (const row of rows) {
    const offset = row.dates[column]! - today;
    if (offset < -30 || offset > 6 || !row.stands || row.holder === null || !holders.includes(row.holder)) continue;
    for (const [code, [from, to]] of each) {
      if (offset < from || offset > to) continue;
      counts[code]!.total += 1;
      if (row.late && row.at < now) counts[code]!.overdue += 1;
    }
  }
  return counts;
}

describe('F05 the six buckets over 100,000 cached tickets', () => {
  test.each(zones)('F05 hold what each row’s own date says, around midnight and when the clocks change, in %s', async (name) => {
    zone = name;
    for (const date of days[name]!.map((text) => Date.parse(text) / DAY)) {
      const [first, next] = [beginning(name, date), beginning(name, date + 1)];
      for (const now of [first - 1, first, first + 90 * 60_000, next - 1, next]) {
        time.setBy(now - time.now());
        const where = `${name} ${new Date(now).toISOString()}`;
        const mine = await device.read('reminders.counts', { scope: 'mine' });
        expect(mine, where).toEqual(counted(now, [office.people.he.id]));
        const ofTeam = await device.read('reminders.counts', { scope: 'team' });
        expect(ofTeam, where).toEqual(counted(now, team));
        expect(Math.min(...Object.values(ofTeam).map((c) => c.total)), where).toBeGreaterThan(0);
      }
    }
  });

  test('F05 each list is as long as its number, and its rows lie in its days', async () => {
    zone = 'Europe/Berlin';
    const now = beginning(zone, Date.parse('2026-10-25') / DAY) + 1;
    time.setBy(now - time.now());
    for (const [code, { total }] of Object.entries(counted(now, [office.people.he.id]))) {
      const bucket = code as keyof typeof spans;
      const page = await device.read('reminders.bucket', { bucket, scope: 'mine', accountId: null, kind: 'all', offset: 0, limit: 200 });
      expect(page.total, code).toBe(total);
      const [from, to] = spans[bucket].map((offset) => dateAt(zone, now) + offset) as [number, number];
      for (const row of page.rows) expect(dateAt(zone, row.at) >= from && dateAt(zone, row.at) <= to, row.key).toBe(true);
    }
  });

  test('F05 the counts read no row of a table: each part stands in an index, and nothing is sorted', async () => {
    await device.stop();
    const cache = openCache({ ...cacheFile(), now: time.now() });
    const plans = plansOf(cache.db.$client, () => void countBuckets(cache.db, team, bucketWindows(time.now(), zone), time.now()));
    cache.close();
    expect(plans).toHaveLength(1);
    expect(plans[0]!.filter((step) => /^SEARCH (ticket|callback) USING COVERING INDEX/.test(step))).toHaveLength(3);
    expect(plans[0]!.filter((step) => /SCAN (ticket|callback)|TEMP B-TREE/.test(step))).toEqual([]);
  });
});
