import { useCallback } from 'react';
import { create } from 'zustand';
import type { z } from 'zod';
import type { listLayout } from '../../shared/bridge/views.ts';
import type { ListName } from '../../shared/domain/ticket-state.ts';
import { core } from '../bridge.ts';
import { useToast } from '../stores/toast-store.ts';
import { usualSorting } from '../stores/view-store.ts';
import { useBridgeSentence } from '../features/handling/use-sentences.ts';
import { useQuery } from './use-query.ts';

export type ListLayout = z.infer<typeof listLayout>;

/** What this window has just chosen and the core has not yet repeated. */
const useChosen = create<{ readonly account: string; readonly layouts: Readonly<Record<string, ListLayout>> }>()(() => ({
  account: '',
  layouts: {},
}));

/** How an account wants a list to look; kept for the next time. No columns stand for the usual ones. */
export function useLayout(list: ListName): { readonly layout: ListLayout | undefined; save(patch: Partial<ListLayout>): void } {
  const kept = useQuery('settings.get', {}).value?.layouts;
  const account = useQuery('session.state', {}).value?.account?.id ?? '';
  const chosen = useChosen((s) => (s.account === account ? s.layouts[list] : undefined));
  const show = useToast((s) => s.show);
  const sentence = useBridgeSentence();
  const layout = chosen ?? kept?.[list];
  const save = useCallback(
    (patch: Partial<ListLayout>) => {
      const usual: ListLayout = { columns: [], sort: usualSorting[list].by, descending: usualSorting[list].descending };
      const state = useChosen.getState();
      const mine = state.account === account ? state.layouts : {};
      const next = { ...usual, ...(mine[list] ?? kept?.[list]), ...patch };
      useChosen.setState({ account, layouts: { ...mine, [list]: next } });
      core
        .call('settings.set', { layouts: { ...kept, ...mine, [list]: next } })
        .catch((error: unknown) => show({ tone: 'danger', text: sentence(error) }));
    },
    [account, kept, list, sentence, show],
  );
  return { layout, save };
}
