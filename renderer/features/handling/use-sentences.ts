import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { BridgeError } from '../../../shared/bridge/errors.ts';
import type { Refusal } from '../../../shared/domain/commands/refusal.ts';
import { ticketStatuses } from '../../../shared/domain/tickets.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useLabels } from '../../hooks/use-labels.ts';

/** What to say when a call was not answered. */
export function useBridgeSentence(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback((error) => t(`bridge.${error instanceof BridgeError ? error.code : 'Failed'}`), [t]);
}

/** What to say about a refusal: why, and who did what meanwhile. `names` are of the ids inside it. */
export function useRefusalSentence(): (refusal: Refusal, names?: Readonly<Record<string, string>>) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const directory = useQuery('directory.list', {}).value;
  return useCallback(
    (refusal, names = {}) => {
      const { current } = refusal;
      const nameOf = (id: string): string | undefined => names[id] ?? directory?.accounts.find((a) => a.id === id)?.name;
      const status = ticketStatuses.find((s) => s === current?.status);
      const fields = (refusal.fields ?? [])
        .map((f) => t('refusal.now', { field: labels.field(f.field), value: labels.value(f.field, f.theirs) }))
        .join(t('filter.or'));
      const why = t(`refusal.${refusal.code}`, {
        status: status === undefined ? t('refusal.unknownStatus') : t(`status.${status}`),
        fields,
        names: (refusal.detail ?? '')
          .split(',')
          .map((id) => labels.field(`custom.${id}`))
          .join(t('filter.or')),
      });
      const who = current?.lastActorId == null ? undefined : nameOf(current.lastActorId);
      const overtaken = refusal.code === 'not-assignee' || refusal.code === 'wrong-state' || refusal.code === 'undo-overtaken';
      if (!overtaken || who === undefined || current?.lastAt == null) return why;
      const told = t('refusal.byWhom', {
        name: who,
        time: format.stamp(current.lastAt, Date.now()),
        what: labels.command(current.lastCommand ?? ''),
      });
      return `${why}${told}`;
    },
    [t, format, labels, directory],
  );
}
