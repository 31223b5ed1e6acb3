import { Dropdown } from 'antd';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { popup as popupSchema } from '../../../shared/bridge/reminder-entries.ts';
import { core } from '../../bridge.ts';
import { dayStart } from '../../format/time-format.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { localText } from '../handling/callback-form.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { SnoozeTime } from './snooze-time.tsx';

type Popup = z.infer<typeof popupSchema>;

/** A click meant for what was here before must not hit a card that has just appeared. */
const DEAF_MS = 400;
const MINUTE = 60_000;
const icons: Readonly<Record<Popup['kind'], IconName>> = {
  callback: 'phone',
  transfer: 'swap',
  assignment: 'user',
  expiry: 'flag',
  mixed: 'clock',
};

export interface PopupCardProps {
  readonly popup: Popup;
  readonly behind: number;
}

export function PopupCard({ popup, behind }: PopupCardProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const show = useToast((s) => s.show);
  const openTicket = useView((s) => s.openTicket);
  const refusal = useRefusalSentence();
  const bridge = useBridgeSentence();
  const born = useRef(0);
  const [time, setTime] = useState<string | null>(null);
  useEffect(() => {
    born.current = performance.now();
  }, []);

  const run = async (
    action: 'open' | 'contacted' | 'snooze' | 'dismiss',
    { ticketId = popup.ticketId, until = Date.now() + 10 * MINUTE }: { ticketId?: string | null; until?: number } = {},
  ): Promise<void> => {
    if (performance.now() - born.current < DEAF_MS) return;
    try {
      const answer = await core.call('reminders.act', { id: popup.id, action, ...(action === 'snooze' && { until }) });
      if (!answer.ok) return show({ tone: 'danger', text: refusal(answer.refusal) });
      if (action === 'open') {
        const target = ticketId ?? answer.ticketId;
        if (target !== null) openTicket({ ticketId: target, transferId: null });
      } else if (action === 'contacted') show({ tone: 'ok', text: t('popup.done') });
      else if (action === 'snooze') show({ tone: 'ok', text: t('popup.snoozed', { time: format.short(until, Date.now()) }) });
    } catch (error) {
      show({ tone: 'danger', text: bridge(error) });
    }
  };

  const digest = popup.count > 1 || (popup.kind === 'expiry' && popup.ticketId === null);
  const single = !digest;
  const title = ((): string => {
    if (digest || popup.kind === 'mixed') return t(popup.kind === 'expiry' ? 'popup.expiry' : 'popup.digest', { n: popup.count });
    if (popup.kind === 'callback') return t('popup.callback', { time: format.clock(popup.showAt) });
    if (popup.kind === 'expiry') return t('popup.single', { time: format.stamp(popup.items[0]?.at ?? popup.showAt, now) });
    return t(`popup.${popup.kind}`, { name: popup.fromName });
  })();
  const person = [popup.customerName, popup.phone].filter((x) => x !== '').join(' · ');
  const callback = popup.kind === 'callback' && single;
  const later = { snooze10: 10 * MINUTE, snooze60: 60 * MINUTE } as const;
  return (
    <div
      className={`popup ${popup.kind}`}
      role={popup.kind === 'callback' ? 'alertdialog' : 'status'}
      aria-label={title}
      aria-describedby={`popup-${popup.id}`}
      data-testid="popup"
    >
      <div className="a">
        <Icon name={icons[popup.kind]} className="k" />
        <b className="el">{title}</b>
        <span className="t3 el grow">{person}</span>
        <button
          type="button"
          className="x row t3"
          aria-label={t('common.close')}
          data-testid="popup-close"
          onClick={() => void run('dismiss')}
        >
          <kbd>Esc</kbd>
          <Icon name="x" small />
        </button>
      </div>
      <div id={`popup-${popup.id}`} className="t2">
        {single && (
          <p className="el">
            {popup.number ?? t('list.unnumbered')} {popup.subject}
          </p>
        )}
        {single && popup.note !== '' && <p className="note">{popup.note}</p>}
        {digest && (
          <ol className="digest">
            {popup.items.map((item) => (
              <li key={`${item.ticketId} ${item.at}`}>
                <button type="button" className="row" onClick={() => void run('open', { ticketId: item.ticketId })}>
                  <span className={item.at <= now ? 'danger when' : 'when'}>{format.short(item.at, now)}</span>
                  <span className="t3">{item.number ?? t('list.unnumbered')}</span>
                  <span className="el grow">{item.subject}</span>
                </button>
              </li>
            ))}
            {popup.count > popup.items.length && <li className="t3">{t('popup.moreItems', { n: popup.count - popup.items.length })}</li>}
          </ol>
        )}
      </div>
      {time !== null && <SnoozeTime time={time} onTime={setTime} onTake={(until) => void run('snooze', { until })} />}
      <div className="ops">
        {popup.ticketId !== null && (
          <button type="button" className="btn sm primary" data-testid="popup-open" onClick={() => void run('open')}>
            {t('popup.open')}
          </button>
        )}
        {callback ? (
          <>
            <button type="button" className="btn sm" data-testid="popup-contacted" onClick={() => void run('contacted')}>
              {t('popup.contacted')}
            </button>
            <span className="split">
              <button type="button" className="btn sm" data-testid="popup-snooze" onClick={() => void run('snooze')}>
                {t('popup.snooze')}
              </button>
              <Dropdown
                trigger={['click']}
                placement="topRight"
                menu={{
                  items: [
                    ...Object.keys(later).map((key) => ({ key, label: t(`popup.${key as keyof typeof later}`) })),
                    { key: 'morning', label: t('popup.snoozeMorning') },
                    { key: 'other', label: t('popup.snoozeOther') },
                  ],
                  onClick: ({ key }) => {
                    if (key === 'other') setTime(localText(Date.now() + 120 * MINUTE));
                    else if (key === 'morning') void run('snooze', { until: dayStart(Date.now(), 1) + 9 * 60 * MINUTE });
                    else void run('snooze', { until: Date.now() + later[key as keyof typeof later] });
                  },
                }}
              >
                <button
                  type="button"
                  className="btn sm icon"
                  aria-label={t('popup.snoozeMore')}
                  aria-haspopup="menu"
                  data-testid="popup-snooze-more"
                >
                  <Icon name="down" small />
                </button>
              </Dropdown>
            </span>
          </>
        ) : (
          <button
            type="button"
            className={popup.ticketId === null ? 'btn sm primary' : 'btn sm'}
            data-testid="popup-dismiss"
            onClick={() => void run('dismiss')}
          >
            {t('popup.gotIt')}
          </button>
        )}
        <span className="grow" />
        {behind > 0 && (
          <span className="t3 meta" data-testid="popup-count">
            {t('popup.more', { n: behind })}
          </span>
        )}
      </div>
    </div>
  );
}
