import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reminderKinds } from '../../../shared/domain/reminders/reminder.ts';
import { core, shell } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { ClockField } from './clock-field.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { OnOff } from './on-off.tsx';
import { PageHead } from './page-head.tsx';

/** 桌面与提醒: how the app lives on this computer, and when it may speak up. */
export function DesktopPage(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('settings.page.desktop')} lead={t('desktop.lead')} />
      <DeviceSettings />
      <ReminderSettings />
      <Diagnostics />
    </>
  );
}

function ReminderSettings(): ReactElement | null {
  const { t } = useTranslation();
  const settings = useQuery('settings.get', {}).value;
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  if (settings === undefined) return null;
  const set = (change: Parameters<typeof core.call<'settings.set'>>[1]): void => {
    core.call('settings.set', change).catch((error: unknown) => show({ tone: 'danger', text: bridge(error) }));
  };
  const { quiet } = settings;
  const setQuiet = (change: Partial<typeof quiet>): void => set({ quiet: { ...quiet, ...change } });
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
            onChange={(expiryNoticeAt) => set({ expiryNoticeAt })}
          />
        </div>
        <div className="setrow">
          <div>
            <b>{t('desktop.quiet')}</b>
            <p className="t2">{t('desktop.quietNote')}</p>
          </div>
          <OnOff label={t('desktop.quiet')} value={quiet.on} testId="quiet" onChange={(on) => setQuiet({ on })} />
        </div>
        {quiet.on && (
          <div className="setrow" role="group" aria-label={t('desktop.quiet')}>
            <div>
              <span className="row gap">
                {t('desktop.quietFrom')}
                <ClockField label={t('desktop.quietFrom')} value={quiet.from} testId="quiet-from" onChange={(from) => setQuiet({ from })} />
                {t(quiet.to < quiet.from ? 'desktop.quietOvernight' : 'desktop.quietTo')}
                <ClockField label={t('desktop.quietTo')} value={quiet.to} testId="quiet-to" onChange={(to) => setQuiet({ to })} />
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
                      setQuiet({ kinds: reminderKinds.filter((k) => (k === kind ? e.target.checked : quiet.kinds.includes(k))) })
                    }
                  />
                  {t(`desktop.kind.${kind}`)}
                </label>
              ))}
            </span>
          </div>
        )}
        <TestReminder />
      </div>
    </section>
  );
}

function TestReminder(): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  const [state, setState] = useState<'resting' | 'sending' | 'shown' | 'not'>('resting');
  const send = (): void => {
    if (state === 'sending') return;
    setState('sending');
    core
      .call('reminders.test', {})
      .then(({ shown }) => setState(shown ? 'shown' : 'not'))
      .catch((error: unknown) => {
        setState('resting');
        show({ tone: 'danger', text: bridge(error) });
      });
  };
  return (
    <div className="setrow">
      <div>
        <b>{t('desktop.test')}</b>
        <p className={state === 'not' ? 'warn' : 't2'} role="status" data-testid="test-reminder-result">
          {t(state === 'shown' ? 'desktop.testShown' : state === 'not' ? 'desktop.testNot' : 'desktop.testNote')}
        </p>
      </div>
      <button type="button" className="btn" aria-disabled={state === 'sending'} data-testid="test-reminder" onClick={send}>
        {t(state === 'sending' ? 'desktop.testing' : 'desktop.testSend')}
      </button>
    </div>
  );
}

function Diagnostics(): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const copy = async (): Promise<void> => {
    const { ok } = await shell.call('app.copyDiagnostics', {}).catch(() => ({ ok: false }));
    show(ok ? { tone: 'ok', text: t('desktop.diagnosticsCopied') } : { tone: 'danger', text: t('desktop.diagnosticsFailed') });
  };
  return (
    <section className="setpart" aria-label={t('desktop.help')}>
      <h3>{t('desktop.help')}</h3>
      <div className="setrows">
        <div className="setrow">
          <div>
            <b>{t('desktop.diagnostics')}</b>
            <p className="t2">{t('desktop.diagnosticsNote')}</p>
          </div>
          <button type="button" className="btn" data-testid="copy-diagnostics" onClick={() => void copy()}>
            {t('desktop.diagnosticsCopy')}
          </button>
        </div>
      </div>
    </section>
  );
}
