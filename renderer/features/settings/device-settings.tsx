import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShellContract } from '../../../shared/bridge/contract.ts';
import type { InputOf } from '../../../shared/bridge/define.ts';
import { shell } from '../../bridge.ts';
import { useShellQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { FailureLine } from './failure-line.tsx';
import { OnOff } from './on-off.tsx';
import { ShortcutField } from './shortcut-field.tsx';

type Change = InputOf<ShellContract['calls']['shell.set']>;

/** What this computer keeps, whoever signs in: how the app starts, what closing means, the keys for the window. */
export function DeviceSettings(): ReactElement | null {
  const { t } = useTranslation();
  const device = useShellQuery('shell.settings', {}).value;
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  /** What could not be changed, and why. */
  const [failed, setFailed] = useState<{ readonly what: string; readonly why: string } | null>(null);
  if (device === undefined) return null;
  const set = (change: Change): void => {
    setFailed(null);
    shell
      .call('shell.set', change)
      .then((answer) => {
        if (!answer.ok) setFailed({ what: Object.keys(change)[0] ?? '', why: t(`desktop.why.${answer.reason}`) });
      })
      .catch((error: unknown) => show({ tone: 'danger', text: bridge(error) }));
  };
  const row = (key: 'openAtLogin' | 'startHidden' | 'closeToTray', supported = true): ReactElement => (
    <div className="setrow">
      <div>
        <b>{t(`desktop.${key}`)}</b>
        <p className="t2">{supported ? t(`desktop.${key}Note`) : t('desktop.openAtLoginUnsupported')}</p>
        <FailureLine why={failed?.what === key ? failed.why : null} />
      </div>
      {supported && <OnOff label={t(`desktop.${key}`)} value={device[key]} testId={key} onChange={(on) => set({ [key]: on })} />}
    </div>
  );
  return (
    <section className="setpart" aria-label={t('desktop.device')}>
      <h3>{t('desktop.device')}</h3>
      <div className="setrows">
        {row('openAtLogin', device.supports.openAtLogin)}
        {device.openAtLogin && row('startHidden')}
        {row('closeToTray')}
        <div className="setrow">
          <div>
            <b>{t('desktop.shortcut')}</b>
            <p className="t2">{t(device.supports.shortcut ? 'desktop.shortcutNote' : 'desktop.shortcutUnsupported')}</p>
            {device.supports.shortcut && (
              <p className="t3 meta" id="shortcut-rule">
                {t('desktop.shortcutRule')}
              </p>
            )}
            <FailureLine why={failed?.what === 'shortcut' ? failed.why : device.shortcutWorks ? null : t('desktop.shortcutLost')} />
          </div>
          {device.supports.shortcut && <ShortcutField value={device.shortcut} onChange={(shortcut) => set({ shortcut })} />}
        </div>
      </div>
    </section>
  );
}
