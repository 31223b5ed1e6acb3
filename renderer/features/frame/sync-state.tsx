import { Popover } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { syncState } from '../../../shared/bridge/views.ts';
import { core } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { AttentionItems } from '../attention/attention-items.tsx';
import { Kept } from '../attention/kept.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

type Sync = z.infer<typeof syncState>;
/** What the network is not to blame for. */
const troubles = ['disk-full', 'disk-fault', 'protocol', 'server-fault', 'sign-in-needed'] as const;

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

/** Connection and queue in words; a click shows what waits and what was refused. */
export function SyncState(): ReactElement {
  const sync = useQuery('sync.state', {}).value;
  const open = useView((s) => s.syncOpen);
  const setOpen = useView((s) => s.setSyncOpen);
  const { icon, words, extra, off } = useSyncWords(sync);
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      open={open}
      onOpenChange={setOpen}
      classNames={{ root: 'flush' }}
      content={<SyncPopover sync={sync} words={words} />}
      destroyOnHidden
    >
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
    </Popover>
  );
}

function SyncPopover({ sync, words }: { readonly sync: Sync | undefined; readonly words: string }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const queue = useQuery('sync.queue', {}).value ?? [];
  const show = useToast((s) => s.show);
  const sentence = useBridgeSentence();
  const attention = sync?.attention ?? 0;
  const away = sync?.offlineSince != null && (sync.problem === null || sync.problem === 'unreachable');
  const detail = [
    away ? t('sync.since', { time: format.stamp(sync.offlineSince ?? now, now) }) : null,
    sync?.nextRetryAt != null ? t('sync.nextRetry', { time: format.clock(sync.nextRetryAt) }) : null,
    sync?.lastSyncedAt != null && sync.offlineSince === null ? t('sync.lastSynced', { time: format.stamp(sync.lastSyncedAt, now) }) : null,
  ].filter((x) => x !== null);
  return (
    <div className="syncpop" role="dialog" aria-label={t('sync.title')}>
      <div className="sh">
        <span className="grow">
          <b>{words}</b> <span className="t3">{detail.join(' · ')}</span>
        </span>
        <button
          type="button"
          className="btn sm text"
          data-testid="sync-retry"
          onClick={() => core.call('sync.retry', {}).catch((error: unknown) => show({ tone: 'danger', text: sentence(error) }))}
        >
          {t('sync.retryNow')}
        </button>
      </div>
      {sync?.problem != null && (
        <section className={sync.problem === 'unreachable' ? 't2' : 'trouble'} data-testid="sync-problem">
          {sync.problem !== 'unreachable' && <Icon name="tri" />}
          <p>{t(`sync.problem.${sync.problem}`)}</p>
        </section>
      )}
      {attention > 0 && (
        <section className="head">
          <b className="danger">{t('attention.count', { n: attention })}</b>
        </section>
      )}
      <AttentionItems />
      <Kept />
      <section aria-label={t('sync.queue', { n: queue.length })}>
        {queue.length === 0 ? (
          <p className="t3">{t('sync.queueEmpty')}</p>
        ) : (
          <>
            <p>
              <b>{t('sync.queue', { n: queue.length })}</b> <span className="t3">{t('sync.queueNote')}</span>
            </p>
            <ol>
              {queue.map((item) => (
                <li key={item.commandId} className="q" data-testid={`queued-${item.commandId}`}>
                  <Icon name="wait" className="t3" />
                  <span className="grow el">
                    <b>{t(`event.${item.kind}`)}</b>{' '}
                    {item.ticketId === null ? null : item.number === null ? (
                      <span className="pend">{t('list.unnumbered')}</span>
                    ) : (
                      <span className="t2">{item.number}</span>
                    )}{' '}
                    <span className="t2">{item.subject}</span>
                  </span>
                  {item.attempts > 1 && <span className="t3 meta">{t('sync.attempts', { n: item.attempts })}</span>}
                  <time className="t3 meta">{format.stamp(item.occurredAt, now)}</time>
                </li>
              ))}
            </ol>
          </>
        )}
      </section>
    </div>
  );
}
