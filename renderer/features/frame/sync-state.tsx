import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { syncState } from '../../../shared/bridge/views.ts';
import { obstacles } from '../../../shared/bridge/way-problems.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { later, useSettled } from '../../ui/later.tsx';
import type { SyncPopoverProps } from './sync-popover.tsx';

type Sync = z.infer<typeof syncState>;
/** What does not go by itself. */
const troubles = [...obstacles, 'disk-full', 'disk-fault', 'protocol', 'server-fault', 'sign-in-needed'] as const;

function useSyncWords(sync: Sync | undefined): { icon: IconName; words: string; extra: string | null; off: boolean } {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (sync === undefined) return { icon: 'cloud', words: t('sync.connecting'), extra: null, off: false };
  const waiting = sync.pending > 0 ? t('sync.pending', { n: sync.pending }) : null;
  if (sync.firstSync !== null) {
    const n = (x: number): string => x.toLocaleString();
    return {
      icon: 'cloud-up',
      words: t('sync.first', { done: n(sync.firstSync.done), total: n(sync.firstSync.total) }),
      extra: waiting,
      off: false,
    };
  }
  if (sync.connection === 'offline') {
    // Only of what has another remedy than to wait; any other trouble of the way is being offline.
    const own = troubles.find((each) => each === sync.problem);
    if (own !== undefined) return { icon: 'tri', words: t(`sync.trouble.${own}`), extra: waiting, off: true };
    return { icon: 'off', words: t('sync.offline'), extra: waiting, off: true };
  }
  if (sync.connection === 'connecting') return { icon: 'cloud-up', words: t('sync.connecting'), extra: waiting, off: false };
  if (sync.pending > 0) return { icon: 'cloud-up', words: t('sync.syncing', { n: sync.pending }), extra: null, off: false };
  return {
    icon: 'cloud',
    words: t('sync.synced'),
    extra: sync.lastSyncedAt === null ? null : format.stamp(sync.lastSyncedAt, now),
    off: false,
  };
}

const SyncPopover = later<SyncPopoverProps>(() => import('./sync-popover.tsx').then((m) => m.SyncPopover), Button);

/** A click before the rest is here opens it as soon as it is. */
function Button({ children, onOpen }: SyncPopoverProps): ReactElement {
  return (
    <span className="early" onClick={() => onOpen(true)}>
      {children}
    </span>
  );
}

/** Connection and queue in words; a click shows what waits and what was refused. */
export function SyncState(): ReactElement {
  const sync = useQuery('sync.state', {}).value;
  const open = useView((s) => s.syncOpen);
  const setOpen = useView((s) => s.setSyncOpen);
  const { icon, words, extra, off } = useSyncWords(sync);
  const settled = useSettled();
  const Shown = settled || open ? SyncPopover : Button;
  return (
    <Shown sync={sync} words={words} open={open} onOpen={setOpen}>
      <button
        type="button"
        className={`sync${off ? ' off' : ''}${open ? ' open' : ''}`}
        aria-expanded={open}
        aria-haspopup="dialog"
        data-testid="sync-state"
      >
        <Icon name={icon} />
        {off ? <b>{words}</b> : <span>{words}</span>}
        {extra !== null && (
          <>
            {off && <span aria-hidden="true">·</span>}
            {off && <Icon name="wait" small />}
            <span className={off ? undefined : 't3'}>{extra}</span>
          </>
        )}
      </button>
    </Shown>
  );
}
