import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordArgs, RecordKind } from '../../../shared/domain/commands/record-command.ts';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';

export type RecordAnswer = { readonly ok: true; readonly subjectId: string } | { readonly ok: false; readonly why: string };

export interface RecordAct {
  /**
   * Sends one command about a record. @param said what was done, for the message; null: none.
   * @returns the record's id, or the sentence that says why not.
   */
  <K extends RecordKind>(
    kind: K,
    subjectId: string | null,
    args: RecordArgs<K>,
    said: string | null,
    draft?: string,
  ): Promise<RecordAnswer>;
}

export function useRecord(): RecordAct {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const refusalSentence = useRefusalSentence();
  const bridgeSentence = useBridgeSentence();
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  return useCallback<RecordAct>(
    async (kind, subjectId, args, said, draft) => {
      try {
        const answer = await core.call('records.act', { kind, subjectId, args, ...(draft !== undefined && { draft }) });
        if (!answer.ok) return { ok: false, why: refusalSentence(answer.refusal) };
        if (said !== null) show({ tone: 'ok', text: `${t(offline ? 'composer.savedPending' : 'composer.saved')} · ${said}` });
        return { ok: true, subjectId: answer.subjectId };
      } catch (error) {
        return { ok: false, why: bridgeSentence(error) };
      }
    },
    [t, show, refusalSentence, bridgeSentence, offline],
  );
}
