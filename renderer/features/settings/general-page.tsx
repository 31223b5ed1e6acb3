import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Segments } from '../../ui/segments.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { FailureLine } from './failure-line.tsx';
import { PageHead } from './page-head.tsx';
import { useOperation } from './use-operation.ts';

/** Language, appearance, the own password. */
export function GeneralPage(): ReactElement {
  const { t } = useTranslation();
  const settings = useQuery('settings.get', {}).value;
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  const set = (change: Parameters<typeof core.call<'settings.set'>>[1]): void => {
    core.call('settings.set', change).catch((error: unknown) => show({ tone: 'danger', text: bridge(error) }));
  };
  if (settings === undefined) return <></>;
  return (
    <>
      <PageHead title={t('settings.page.general')} lead="" />
      <div className="setrows">
        <div className="setrow">
          <div>
            <b>{t('settings.general.language')}</b>
            <p className="t2">{t('settings.general.languageNote')}</p>
          </div>
          <Segments
            label={t('settings.general.language')}
            value={settings.locale}
            onChange={(locale) => set({ locale })}
            options={[
              { value: 'zh-CN', label: '简体中文', testId: 'locale-zh-CN' },
              { value: 'en-US', label: 'English', testId: 'locale-en-US' },
            ]}
          />
        </div>
        <div className="setrow">
          <b>{t('settings.general.theme')}</b>
          <Segments
            label={t('settings.general.theme')}
            value={settings.theme}
            onChange={(theme) => set({ theme })}
            options={(['system', 'light', 'dark'] as const).map((v) => ({ value: v, label: t(`account.${v}`), testId: `theme-${v}` }))}
          />
        </div>
      </div>
      <PasswordForm />
    </>
  );
}

const SHORTEST = 8;

function PasswordForm(): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const show = useToast((s) => s.show);
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [repeat, setRepeat] = useState('');
  const [shown, setShown] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const need = old === '' ? 'old' : next.length < SHORTEST ? 'short' : next !== repeat ? 'differ' : next === old ? 'same' : null;
    if (need !== null) return setWhy(t(`settings.general.need.${need}`));
    setWhy(null);
    setBusy(true);
    const answer = await run('account.changePassword', { old, next });
    setBusy(false);
    if (!answer.ok) return setWhy(answer.why);
    setOld('');
    setNext('');
    setRepeat('');
    show({ tone: 'ok', text: t('settings.general.changed') });
  };
  const field = (name: 'old' | 'next' | 'repeat', value: string, onChange: (v: string) => void): ReactElement => (
    <label className="nf">
      <span>{t(`settings.general.${name}`)}</span>
      <input
        className="fld"
        type={shown ? 'text' : 'password'}
        value={value}
        maxLength={256}
        autoComplete={name === 'old' ? 'current-password' : 'new-password'}
        data-testid={`password-${name}`}
        onChange={(e) => onChange(e.target.value)}
      />
    </label>
  );
  return (
    <form className="setform" onSubmit={(e) => void submit(e)} aria-label={t('settings.general.password')}>
      <h3>{t('settings.general.password')}</h3>
      {field('old', old, setOld)}
      {field('next', next, setNext)}
      {field('repeat', repeat, setRepeat)}
      <p className="t3 meta">{t('settings.general.passwordNote')}</p>
      <FailureLine why={why} />
      <div className="row gap">
        <button type="submit" className="btn act" aria-disabled={busy} data-testid="password-change">
          {t('settings.general.change')}
        </button>
        <label className="cbx">
          <input type="checkbox" checked={shown} onChange={(e) => setShown(e.target.checked)} />
          {t('settings.general.show')}
        </label>
      </div>
    </form>
  );
}
