import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { core, shell } from '../../bridge.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';

/** 另存为: never opened, only put where the agent says and shown there. */
export function useSaveFile(): (id: string, name: string) => void {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  return useCallback(
    (id, name) => {
      const failed = (error: unknown): void => show({ tone: 'danger', text: bridge(error) });
      const save = async (): Promise<void> => {
        const { file } = await shell.call('files.save', { suggested: name });
        if (file === null) return;
        const { handle } = file;
        const result = await core.call('attachments.save', { id, handle });
        if (!result.ok) return show({ tone: 'danger', text: t(`files.notSaved.${result.why}`) });
        const reveal = (): void => void shell.call('files.reveal', { handle }).catch(failed);
        show({ tone: 'ok', text: t('files.saved', { name: file.name }), action: { label: t('files.reveal'), run: reveal } });
      };
      save().catch(failed);
    },
    [t, show, bridge],
  );
}
