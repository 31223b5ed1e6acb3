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
import { Icon } from '../../ui/icon.tsx';
import { AttentionItems } from '../attention/attention-items.tsx';
import { Kept } from '../attention/kept.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

type Sync = z.infer<typeof syncState>;

export interface SyncPopoverProps {
  readonly sync: Sync | undefined;
  readonly words: string;
  readonly open: boolean;
  onOpen(open: boolean): void;
  /** The button. */
  readonly children: ReactElement;
}

/** What waits and what was refused, under the button of the bar. */
export function SyncPopover({ sync, words, open, onOpen, children }: SyncPopoverProps): ReactElement {
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      open={open}
      onOpenChange={onOpen}
      classNames={{ root: 'flush' }}
      content={<Content sync={sync} words={words} />}
      destroyOnHidden
    >
      {children}
    </Popover>
  );
}

function Content({ sync, words }: { readonly sync: Sync | undefined; readonly words: string }): ReactElement {
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
