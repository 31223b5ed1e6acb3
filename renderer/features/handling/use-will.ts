import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import type { Mode } from '../../stores/view-store.ts';
import { isOfficeMode } from './office-acts.ts';
import type { ComposerText, TicketDetail } from './composer-draft.ts';

export type ActionKind = Mode['kind'] | 'note';

/** What an action will do, in one line, before it is done. */
export function useWill(
  ticket: TicketDetail,
  text: ComposerText,
  mode: Mode,
  at: number | null,
): (kind: ActionKind) => { readonly name: string; readonly effect: string; readonly grave: boolean } {
  const { t } = useTranslation();
  const format = useFormat();
  const offline = useQuery('sync.state', {}).value?.connection === 'offline';
  const update = (): string => {
    const rest = t(
      text.waiting ? 'composer.will.updateWaiting' : ticket.status === 'pending' ? 'composer.will.updateFirst' : 'composer.will.update',
    );
    return text.changes.length === 0 ? rest : t('composer.will.updateFields', { n: text.changes.length, rest });
  };
  return (kind) => {
    const count = (ticket.customer?.invalidReleases ?? 0) + 1;
    const grave = kind === 'invalidate' && ticket.nextInvalidMovesCustomer;
    const effect =
      kind === 'update'
        ? update()
        : kind === 'invalidate'
          ? t(grave ? 'composer.will.invalidateLast' : 'composer.will.invalidate', { n: count, max: ticket.invalidReleaseLimit })
          : isOfficeMode(kind)
            ? t(`leader.will_${kind}`)
            : kind === 'cancelCallback'
              ? t('composer.will.cancelCallback', { time: 'dueAt' in mode ? format.short(mode.dueAt, Date.now()) : '' })
              : (kind === 'schedule' || kind === 'reschedule') && at !== null
                ? t('composer.will.callbackAt', { time: format.short(at, Date.now()) })
                : t(`composer.will.${kind}`);
    const name =
      kind === 'note'
        ? t('composer.sendNote')
        : kind === 'reschedule'
          ? t('callback.reschedule')
          : kind === 'cancelCallback'
            ? t('callback.cancel')
            : isOfficeMode(kind)
              ? t(`leader.${kind}`)
              : t(`composer.${kind}`);
    return { name, effect: offline ? `${effect}${t('composer.will.offline')}` : effect, grave };
  };
}
