import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { reminderKinds } from '../../../shared/domain/reminders/reminder.ts';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { ClockField } from './clock-field.tsx';
import { OnOff } from './on-off.tsx';
import { TestReminder } from './test-reminder.tsx';
import { type Quiet, useQuiet } from './use-quiet.ts';

type Change = Parameters<typeof core.call<'settings.set'>>[1];

/** When reminders of this account may speak up. */
export function ReminderSettings(): ReactElement | null {
  const { t } = useTranslation();
  const settings = useQuery('settings.get', {}).value;
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  if (settings === undefined) return null;
  const set = async (change: Change): Promise<void> => {
    try {
      await core.call('settings.set', change);
    } catch (error) {
      show({ tone: 'danger', text: bridge(error) });
      throw error;
    }
  };
  return (
    <section className="setpart" aria-label={t('desktop.reminders')}>
      <h3>{t('desktop.reminders')}</h3>
      <div className="setrows">
        <div className="setrow">
          <div>
            <b>{t('desktop.notice')}</b>
            <p className="t2">{t('desktop.noticeNote')}</p>
          </div>
          <ClockField
            label={t('desktop.notice')}
            value={settings.expiryNoticeAt}
            testId="expiry-notice"
            onChange={(expiryNoticeAt) => void set({ expiryNoticeAt }).catch(() => undefined)}
          />
        </div>
        <QuietHours standing={settings.quiet} save={(quiet) => set({ quiet })} />
        <TestReminder />
      </div>
    </section>
  );
}

interface QuietHoursProps {
  readonly standing: Quiet;
  readonly save: (quiet: Quiet) => Promise<unknown>;
}

function QuietHours({ standing, save }: QuietHoursProps): ReactElement {
  const { t } = useTranslation();
  const [quiet, change] = useQuiet(standing, save);
  return (
    <>
      <div className="setrow">
        <div>
          <b>{t('desktop.quiet')}</b>
          <p className="t2">{t('desktop.quietNote')}</p>
        </div>
        <OnOff label={t('desktop.quiet')} value={quiet.on} testId="quiet" onChange={(on) => change({ on })} />
      </div>
      {quiet.on && (
        <div className="setrow" role="group" aria-label={t('desktop.quiet')}>
          <div>
            <span className="row gap">
              {t('desktop.quietFrom')}
              <ClockField label={t('desktop.quietFrom')} value={quiet.from} testId="quiet-from" onChange={(from) => change({ from })} />
              {t(quiet.to < quiet.from ? 'desktop.quietOvernight' : 'desktop.quietTo')}
              <ClockField label={t('desktop.quietTo')} value={quiet.to} testId="quiet-to" onChange={(to) => change({ to })} />
            </span>
            {quiet.from === quiet.to && <p className="warn meta">{t('desktop.quietSame')}</p>}
            {quiet.kinds.length === 0 && <p className="warn meta">{t('desktop.quietKindNone')}</p>}
          </div>
          <span className="row gap" role="group" aria-label={t('desktop.quietKinds')}>
            {reminderKinds.map((kind) => (
              <label className="cbx" key={kind}>
                <input
                  type="checkbox"
                  checked={quiet.kinds.includes(kind)}
                  data-testid={`quiet-${kind}`}
                  onChange={(e) =>
                    change({ kinds: reminderKinds.filter((k) => (k === kind ? e.target.checked : quiet.kinds.includes(k))) })
                  }
                />
                {t(`desktop.kind.${kind}`)}
              </label>
            ))}
          </span>
        </div>
      )}
    </>
  );
}
