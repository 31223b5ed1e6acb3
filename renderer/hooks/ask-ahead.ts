import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { InputOf } from '../../shared/bridge/define.ts';
import type { ListName } from '../../shared/domain/ticket-state.ts';
import { home, usualSorting } from '../stores/view-store.ts';
import { useSettled } from '../ui/later.tsx';
import { watchQuery } from './use-query.ts';

type ListInput = InputOf<CoreContract['queries']['tickets.list']>;

/** Rows that are asked for at once. */
export const LIST_PAGE = 100;

/** Written in one way only: who asks the same shares the answer. */
export const listPage = (query: Omit<ListInput, 'offset' | 'limit'>, page: number): ListInput => ({
  ...{ list: query.list, text: query.text, filter: query.filter, due: query.due, sort: query.sort, descending: query.descending },
  ...{ offset: page * LIST_PAGE, limit: LIST_PAGE },
});

const nothing = (): void => {};

/**
 * Asks for what the first screen shows before anything is rendered. Who is signed in is asked last, so that the screen
 * that waits for it finds all other answers here. Nobody signed in: the answers are empty, and come again with the sign-in.
 */
export function askAhead(): void {
  const stops: (() => void)[] = [];
  const asked = new Set<string>();
  const askList = (list: ListName, { by, descending }: { by: ListInput['sort']; descending: boolean }): void => {
    if (asked.has(`${by} ${descending}`)) return;
    asked.add(`${by} ${descending}`);
    stops.push(watchQuery('tickets.list', listPage({ list, text: '', filter: [], due: 'all', sort: by, descending }, 0), nothing));
  };
  askList(home.list, usualSorting[home.list]);
  stops.push(
    watchQuery('settings.get', {}, ({ layouts }) => {
      const kept = layouts[home.list];
      if (kept !== undefined) askList(home.list, { by: kept.sort, descending: kept.descending });
    }),
    watchQuery('directory.list', {}, nothing),
    watchQuery('sync.state', {}, nothing),
    watchQuery('tickets.counts', {}, nothing),
    watchQuery('reminders.counts', { scope: 'mine' }, nothing),
    watchQuery('customers.counts', {}, nothing),
    watchQuery('searches.list', {}, nothing),
    watchQuery('session.state', {}, nothing),
  );
  // By then the screen watches what it shows.
  const off = useSettled.subscribe(() => {
    off();
    for (const stop of stops) stop();
  });
}
