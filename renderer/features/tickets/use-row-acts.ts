import { useMemo } from 'react';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useSession } from '../../hooks/use-session.ts';
import type { RowAct } from '../../stores/list-cursor.ts';
import { useOffice } from '../../stores/office-store.ts';
import { type Conditions, type Ticked, useView } from '../../stores/view-store.ts';
import { MOST, useOfficeActs } from '../assign/use-office-acts.ts';

/** What can be done to rows of a list by whoever gives out work; anybody may claim. */
const possible: Readonly<Record<ListName, readonly RowAct[]>> = {
  pending: ['assign', 'withdraw', 'export'],
  processing: ['assign', 'withdraw', 'export'],
  resolved: ['export'],
  transferred: ['export'],
  pool: ['claim', 'assign', 'export'],
  all: ['assign', 'withdraw', 'export'],
  review: ['reviewClose', 'reviewBack', 'export'],
  expired: ['assign', 'claim', 'export'],
};

export interface RowActs {
  readonly bulk: readonly RowAct[];
  run(act: RowAct, tickets: readonly Ticked[]): void;
}

export function useRowActs(list: ListName, { text, filter }: Conditions): RowActs {
  const mayAssign = useSession()?.mayAssign === true;
  const acts = useOfficeActs();
  const give = useOffice((s) => s.give);
  const ask = useOffice((s) => s.ask);
  const setExporting = useView((s) => s.setExporting);
  return useMemo(
    () => ({
      bulk: possible[list].filter((act) => mayAssign || act === 'claim'),
      run: (act, tickets) => {
        const clear = (): void => useView.getState().select(new Map());
        switch (act) {
          case 'claim':
            return void acts.claim(tickets).then(clear);
          case 'assign':
            return give({ open: tickets, finished: [] });
          case 'withdraw':
          case 'reviewBack':
            return ask({ kind: act, tickets });
          case 'reviewClose':
            return void acts.approve(tickets).then(clear);
          case 'export':
            return setExporting(
              tickets.length >= MOST
                ? { by: 'filter', list, text, filter: [...filter] }
                : { by: 'ids', ids: tickets.map((ticket) => ticket.id) },
            );
        }
      },
    }),
    [list, mayAssign, acts, give, ask, setExporting, text, filter],
  );
}
