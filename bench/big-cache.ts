import { join } from 'node:path';
import { applyPage } from '../core/sync/apply-page.ts';
import { openCache } from '../db/open.ts';
import { findCallers } from '../db/reads/callers.ts';
import { countBuckets } from '../db/reads/buckets.ts';
import { readCustomers } from '../db/reads/customers.ts';
import { countLists, findTickets, readList } from '../db/reads/ticket-lists.ts';
import { readLoad } from '../db/reads/team.ts';
import { makeDemo } from '../server/seed/make-demo.ts';
import { DEMO_AGENT, DEMO_LEADER } from '../server/seed/people.ts';
import type { Account } from '../shared/domain/people.ts';
import { bucketWindows } from '../shared/domain/reminders/buckets.ts';
import type { TicketFilter } from '../shared/domain/filter/filter.ts';
import type { ListName } from '../shared/domain/ticket-state.ts';
import type { PullResponse } from '../shared/protocol/wire.ts';
import { type Measured, measured, spread, timed } from './measure.ts';
import { KEY, openRaw, rawBuckets, rawLists } from './raw.ts';

const PAGE = 500;
const zone = 'Asia/Shanghai';

/**
 * Lists, conditions, search and counts of the core over many cached tickets; none of it touches a network.
 * @param only which of them are measured
 */
export async function measureBigCache(root: string, size: number, only: (name: string) => boolean): Promise<Record<string, Measured>> {
  const now = Date.now();
  const { staff, people } = makeDemo(1, now, { customers: Math.ceil(size * 0.4), tickets: size });
  const demo = { accounts: staff.accounts, groups: staff.groups, stories: people.flatMap((p) => p.tickets), people };
  const leader = demo.accounts.find((a) => a.staffNo === DEMO_LEADER)!;
  const agent = demo.accounts.find((a) => a.staffNo === DEMO_AGENT)!;
  const cache = openCache({ path: join(root, 'big.db'), key: KEY, now });
  const { db } = cache;
  const everyone = demo.accounts.map((a) => a.id);
  const results: Record<string, Measured> = {};
  results['big.firstSync'] = measured(await timed(() => fill(demo)));

  const list =
    (me: Account, name: ListName, filter: TicketFilter = [], text = '') =>
    () =>
      readList(
        db,
        me,
        { list: name, text, filter, due: 'all', sort: 'next', descending: false, offset: 0, limit: 50 },
        { now, zone, endOfToday: now },
      );
  const cases: Readonly<Record<string, () => unknown>> = {
    'list.mine': list(agent, 'processing'),
    'list.all': list(leader, 'all'),
    'list.pool': list(leader, 'pool'),
    'filter.priority': list(leader, 'all', [{ field: 'priority', any: ['urgent'] }]),
    'filter.subject': list(leader, 'all', [{ field: 'subject', contains: '掉线' }]),
    'filter.phone': list(leader, 'all', [{ field: 'phone', contains: '6021' }]),
    'filter.history': list(leader, 'all', [{ field: 'history', contains: '上门' }]),
    'filter.callback': list(leader, 'all', [{ field: 'callbackAt', at: { relative: 'next7' } }]),
    'search.common': list(leader, 'all', [], '客户'),
    'search.rare': list(leader, 'all', [], '光猫闪红灯'),
    'search.initials': list(leader, 'all', [], 'zsf'),
    'search.digits': list(leader, 'all', [], '6021'),
    'calls.find': () => findCallers(db, `0${demo.people[0]!.customer.phones[0]!}`, leader.id),
    palette: () => findTickets(db, leader, '退款', 20),
    'counts.lists': () => countLists(db, leader),
    'counts.mine': () => countLists(db, agent),
    'buckets.mine': () => countBuckets(db, [agent.id], bucketWindows(now, zone), now),
    'buckets.team': () => countBuckets(db, everyone, bucketWindows(now, zone), now),
    'customers.mine': () => readCustomers(db, agent, { view: 'mine', text: '', sort: 'name', descending: false, offset: 0, limit: 50 }),
    'customers.all': () => readCustomers(db, leader, { view: 'all', text: '', sort: 'name', descending: false, offset: 0, limit: 50 }),
    'team.load': () => readLoad(db, leader, null, { now, startOfToday: now - 1, endOfToday: now }),
  };
  const raw = openRaw(join(root, 'big.db'));
  const limits: Readonly<Record<string, { readonly work: () => unknown; readonly goal: number | null }>> = {
    'list.mine': { work: rawLists(raw, agent.id, now).mine, goal: 2 },
    'buckets.mine': { work: rawBuckets(raw, [agent.id], now), goal: 2 },
    'buckets.team': { work: rawBuckets(raw, everyone, now), goal: 1.5 },
  };
  for (const [name, work] of Object.entries(cases).filter(([each]) => only(each))) {
    const limit = limits[name];
    const times = limit === undefined ? 20 : 200;
    const l = limit === undefined ? null : await spread(times, limit.work);
    const { p50, p99 } = await spread(times, work);
    results[`big.${name}.p50`] = measured(p50, l?.p50 ?? null, limit?.goal ?? null);
    results[`big.${name}.p99`] = measured(p99, l?.p99 ?? null);
  }
  raw.close();
  cache.close();
  return results;

  function fill(all: typeof demo): void {
    const pages = Math.ceil(all.stories.length / PAGE);
    for (let i = 0; i < pages; i += 1) {
      const stories = all.stories.slice(i * PAGE, (i + 1) * PAGE);
      const first = i === 0;
      const page = {
        epoch: 'e',
        view: 'v',
        now,
        mode: 'snapshot',
        cursor: 1,
        mark: null,
        after: i === pages - 1 ? null : String(i),
        more: false,
        total: all.stories.length,
        evict: { tickets: [], customers: [] },
        rows: {
          accounts: first ? all.accounts : [],
          groups: first ? all.groups : [],
          parameters: null,
          customers: first ? all.people.map((p) => p.customer) : [],
          tickets: stories.map((s) => s.ticket),
          callbacks: stories.flatMap((s) => [...s.callbacks.values()]),
          events: stories.flatMap((s) => s.events),
          attachments: [],
          transfers: [],
          customFields: null,
          searches: null,
          phrases: null,
        },
      };
      applyPage(cache, page as unknown as PullResponse, leader, now);
    }
  }
}
