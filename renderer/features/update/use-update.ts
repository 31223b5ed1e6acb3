import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { shell } from '../../bridge.ts';
import { useShellQuery } from '../../hooks/use-query.ts';
import { flushAll, hasUnsaved, onUnsaved } from '../../stores/drafts.ts';
import { useToast } from '../../stores/toast-store.ts';

/** So long what is being typed may take to the disk before a restart is given up. */
const SAVE_MS = 3_000;

export const useUpdate = () => useShellQuery('update.state', {}).value;

/** While a version waits, the shell knows whether this page holds what only it has. */
export function useTellUnsaved(waiting: boolean): void {
  useEffect(() => {
    if (!waiting) return;
    let told: boolean | null = null;
    const tell = (): void => {
      const unsaved = hasUnsaved();
      if (unsaved === told) return;
      told = unsaved;
      // Should it not arrive, the shell asks nothing of us: it restarts only on our word or at the deadline.
      shell.call('update.unsaved', { unsaved }).catch(() => (told = null));
    };
    tell();
    return onUnsaved(tell);
  }, [waiting]);
}

/** Puts on the disk what is being typed, and starts the new version. */
export function useRestart(): () => Promise<void> {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  return async () => {
    const saved = await flushAll(SAVE_MS);
    if (saved) await shell.call('update.unsaved', { unsaved: false });
    const done = saved ? await shell.call('update.restart', {}) : { ok: false as const, reason: 'unsaved' as const };
    if (!done.ok) show({ tone: 'danger', text: t(`update.why.${done.reason}`) });
  };
}
