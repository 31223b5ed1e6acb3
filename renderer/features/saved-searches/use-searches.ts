import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordArgs, RecordKind } from '../../../shared/domain/commands/record-command.ts';
import { core } from '../../bridge.ts';
import type { SavedSearch } from '../../hooks/use-list-view.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { listKey, useView } from '../../stores/view-store.ts';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';

type PutArgs = RecordArgs<'putSearch'>;

export interface Searches {
  /** In the order of the nav. */
  readonly all: readonly SavedSearch[];
  open(search: SavedSearch): void;
  /** `id` null: a new one. @returns its id, or null when it was refused; that is said then. */
  put(id: string | null, args: PutArgs): Promise<string | null>;
  remove(search: SavedSearch): Promise<void>;
  /** One place up or down. */
  move(search: SavedSearch, to: number): Promise<void>;
}

export const argsOf = (s: SavedSearch): PutArgs => ({
  name: s.name,
  list: s.list,
  text: s.text,
  filter: s.filter,
  sort: s.sort,
  descending: s.descending,
  position: s.position,
  replaces: null,
});

/** The 常用搜索 of the account and what can be done with them; all of it works offline. */
export function useSearches(): Searches {
  const { t } = useTranslation();
  const value = useQuery('searches.list', {}).value;
  const show = useToast((s) => s.show);
  const refusal = useRefusalSentence();
  const sentence = useBridgeSentence();
  const all = useMemo(() => [...(value ?? [])].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1)), [value]);
  const act = useCallback(
    async <K extends RecordKind>(kind: K, subjectId: string | null, args: RecordArgs<K>): Promise<string | null> => {
      try {
        const answer = await core.call('records.act', { kind, subjectId, args });
        if (answer.ok) return answer.subjectId;
        show({ tone: 'danger', text: refusal(answer.refusal) });
      } catch (error) {
        show({ tone: 'danger', text: sentence(error) });
      }
      return null;
    },
    [show, refusal, sentence],
  );
  return useMemo(() => {
    const put: Searches['put'] = (id, args) => act('putSearch', id, args);
    return {
      all,
      put,
      open: (search) => {
        const { go, dropChanges } = useView.getState();
        dropChanges(listKey(search.list, search.id));
        go({ kind: 'list', list: search.list, searchId: search.id });
      },
      remove: async (search) => {
        if ((await act('removeSearch', search.id, {})) === null) return;
        const { place, go } = useView.getState();
        if (place.kind === 'list' && place.searchId === search.id) go({ ...place, searchId: null });
        show({
          tone: 'ok',
          text: t('searches.removed', { name: search.name }),
          action: { label: t('common.undo'), run: () => void put(search.id, argsOf(search)) },
        });
      },
      move: async (search, to) => {
        const rest = all.filter((s) => s.id !== search.id);
        if (to < 0 || to > rest.length) return;
        const before = rest[to - 1]?.position;
        const after = rest[to]?.position;
        const position = before === undefined ? (after ?? 1) - 1 : after === undefined ? before + 1 : (before + after) / 2;
        await put(search.id, { ...argsOf(search), position });
      },
    };
  }, [all, act, show, t]);
}
