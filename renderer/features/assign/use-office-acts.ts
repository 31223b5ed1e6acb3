import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { InputOf } from '../../../shared/bridge/define.ts';
import { core } from '../../bridge.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useOffice } from '../../stores/office-store.ts';
import { type Ticked, useView } from '../../stores/view-store.ts';
import { useAct } from '../handling/use-act.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';

type ManyKind = InputOf<CoreContract['calls']['tickets.actMany']>['kind'];

/** At most this many tickets in one call. */
export const MOST = 1000;

export interface OfficeActs {
  claim(tickets: readonly Ticked[]): Promise<void>;
  approve(tickets: readonly Ticked[]): Promise<void>;
  /** One command on each; says how it went. @returns how many were saved */
  many(kind: ManyKind, args: unknown, tickets: readonly Ticked[], what: string): Promise<number>;
}

/** What leaders do to tickets, and anybody to those of the pool, outside the composer. */
export function useOfficeActs(): OfficeActs {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const tell = useOffice((s) => s.tell);
  const sentence = useBridgeSentence();
  const act = useAct();
  const many = useCallback<OfficeActs['many']>(
    async (kind, args, tickets, what) => {
      useView.getState().settle();
      try {
        const answer = await core.call('tickets.actMany', { ticketIds: tickets.map((x) => x.id), kind, args });
        const refused = answer.refused.flatMap(({ ticketId, refusal }) => {
          const ticket = tickets.find((x) => x.id === ticketId);
          return ticket === undefined ? [] : [{ ticket, refusal }];
        });
        if (refused.length > 0) tell({ what, saved: answer.saved, refused });
        else show({ tone: 'ok', text: t('bulk.saved', { n: answer.saved, what }) });
        return answer.saved;
      } catch (error) {
        show({ tone: 'danger', text: sentence(error) });
        return 0;
      }
    },
    [t, show, tell, sentence],
  );
  return useMemo(() => {
    const one = async (kind: 'claim' | 'review', args: object, ticket: Ticked, said: string): Promise<void> => {
      const failed = await act(ticket.id, kind, args as never, said);
      if (failed !== null) show({ tone: 'danger', text: `${ticket.number ?? t('list.unnumbered')} ${failed}` });
    };
    const of = (ticket: Ticked): string => String(ticket.number ?? t('list.unnumbered'));
    return {
      many,
      claim: async (tickets) => {
        if (tickets.length === 1) await one('claim', {}, tickets[0]!, t('leader.claimedDone', { number: of(tickets[0]!) }));
        else await many('claim', {}, tickets, t('bulk.claim'));
      },
      approve: async (tickets) => {
        const args = { verdict: 'close', note: '' };
        if (tickets.length === 1) await one('review', args, tickets[0]!, `${t('leader.done_reviewClose')} ${of(tickets[0]!)}`);
        else await many('review', args, tickets, t('bulk.reviewClose'));
      },
    };
  }, [act, many, show, t]);
}
