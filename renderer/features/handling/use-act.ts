import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandArgs, CommandKind } from '../../../shared/domain/commands/command.ts';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { useBridgeSentence, useRefusalSentence } from './use-sentences.ts';

type Kind = Exclude<CommandKind, 'create'>;

export interface Act {
  /**
   * Sends one command and says how it went. @param said what was done, for the message.
   * @returns null when it is saved, else the sentence that says why not.
   */
  <K extends Kind>(ticketId: string, kind: K, args: CommandArgs<K>, said: string, draft?: string): Promise<string | null>;
}

/** Sends the files that wait in a form, without words. @returns null when they are saved, else the sentence that says why not. */
export function useSendFiles(): (ticketId: string, form: string, said: string) => Promise<string | null> {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const refusalSentence = useRefusalSentence();
  const bridgeSentence = useBridgeSentence();
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  return useCallback(
    async (ticketId, form, said) => {
      try {
        useView.getState().settle();
        const answer = await core.call('attachments.send', { ticketId, form });
        if (!answer.ok) return refusalSentence(answer.refusal);
        show({ tone: 'ok', text: `${t(offline ? 'composer.savedPending' : 'composer.saved')} · ${said}` });
        return null;
      } catch (error) {
        return bridgeSentence(error);
      }
    },
    [t, show, refusalSentence, bridgeSentence, offline],
  );
}

export function useAct(): Act {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const refusalSentence = useRefusalSentence();
  const bridgeSentence = useBridgeSentence();
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  return useCallback<Act>(
    async (ticketId, kind, args, said, draft) => {
      try {
        // The agent's own doing may move the row; what others do may not.
        useView.getState().settle();
        const answer = await core.call('tickets.act', { ticketId, kind, args, ...(draft !== undefined && { draft }) });
        if (!answer.ok) return refusalSentence(answer.refusal);
        const undo = async (): Promise<void> => {
          try {
            const undone = await core.call('tickets.act', { ticketId, kind: 'undo', args: { eventId: answer.commandId } });
            if (undone.ok) show({ tone: 'ok', text: t('composer.what.undo') });
            else show({ tone: 'danger', text: refusalSentence(undone.refusal) });
          } catch (error) {
            show({ tone: 'danger', text: bridgeSentence(error) });
          }
        };
        show({
          tone: 'ok',
          text: `${t(offline ? 'composer.savedPending' : 'composer.saved')} · ${said}`,
          action: kind === 'release' || kind === 'invalidate' ? { label: t('common.undo'), run: () => void undo() } : undefined,
        });
        return null;
      } catch (error) {
        return bridgeSentence(error);
      }
    },
    [t, show, refusalSentence, bridgeSentence, offline],
  );
}
