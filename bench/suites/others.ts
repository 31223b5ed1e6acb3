import { listCustomers, teamLoad } from '../../core/api/records-api.ts';
import { listTickets } from '../../core/api/tickets-api.ts';
import { findCallers } from '../../db/reads/callers.ts';
import { countLists } from '../../db/reads/ticket-lists.ts';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { ListName } from '../../shared/domain/ticket-state.ts';
import { me } from '../peers/our-rows.ts';
import { type Measured, type Stage, withBoth } from '../stage.ts';
import { compare } from './both.ts';

const RUNS = 50;

/** What else a desk asks its cache, for which no goal is set. */
export const others = (stage: Stage): Promise<readonly Measured[]> =>
  withBoth(stage, async ({ ctx, desk }) => {
    const { db } = desk.cache;
    const list =
      (name: ListName, filter: TicketFilter = [], sort: 'next' | 'updated' = 'next') =>
      (): unknown =>
        listTickets(ctx, desk, { list: name, text: '', filter, due: 'all', sort, descending: sort === 'updated', offset: 0, limit: 50 });
    const customers = (view: 'mine' | 'all') => (): unknown =>
      listCustomers(desk, { view, text: '', sort: 'name', descending: false, offset: 0, limit: 50 });
    const phone = JSON.parse(db.$client.prepare('SELECT phones FROM customer LIMIT 1').pluck().get() as string) as [string];
    const questions: Readonly<Record<string, () => unknown>> = {
      'list.all': list('all'),
      'list.updated': list('all', [], 'updated'),
      'list.pool': list('pool'),
      'filter.priority': list('all', [{ field: 'priority', any: ['urgent'] }]),
      'filter.subject': list('all', [{ field: 'subject', contains: '漏水' }]),
      'filter.phone': list('all', [{ field: 'phone', contains: '6021' }]),
      'filter.history': list('all', [{ field: 'history', contains: '上门' }]),
      'filter.callback': list('all', [{ field: 'callbackAt', at: { relative: 'next7' } }]),
      'customers.mine': customers('mine'),
      'customers.all': customers('all'),
      'calls.find': () => findCallers(db, `0${phone[0]}`, me.id),
      'counts.lists': () => countLists(db, desk.me()),
      'team.load': () => teamLoad(ctx, desk, null),
    };
    const measured: Measured[] = [];
    for (const [name, ask] of Object.entries(questions)) measured.push(...(await compare(stage, `others.${name}`, RUNS, ask, null)));
    return measured;
  });
