import { Modal } from 'antd';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useConnected } from '../../hooks/use-connected.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery, useShellQuery } from '../../hooks/use-query.ts';
import type { Session } from '../../hooks/use-session.ts';
import { Icon } from '../../ui/icon.tsx';
import { RemoveAccount } from '../devices/remove-account.tsx';
import { WindowButtons } from '../frame/window-buttons.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { DemoAccounts } from './demo-accounts.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { useProbe } from './use-probe.ts';

interface Failure {
  readonly sentence: string;
  /** The password was the trouble, as far as can be told. */
  readonly wrongEntry: boolean;
  /** The local data cannot be read; the agent may start anew. So many commands wait in it; null: it can. */
  readonly unreadable: number | null;
}

/** First run and every later sign-in. A failed one raises a dialog; its 确定 leads back to what was typed (P01). */
export function SignIn({ session }: { readonly session: Session }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const connected = useConnected();
  const bridgeSentence = useBridgeSentence();
  const info = useShellQuery('app.info', {}).value;
  const stored = useQuery('session.accounts', {}).value ?? [];
  const locked = stored.find((a) => a.staffNo === session.lastStaffNo && a.url === session.server?.url);
  const waiting = locked?.waiting ?? 0;
  const [url, setUrl] = useState(session.presetServer ?? session.server?.url ?? '');
  const [otherServer, setOtherServer] = useState(false);
  const [staffNo, setStaffNo] = useState(session.lastStaffNo ?? '');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [tries, setTries] = useState(0);
  const [dialog, setDialog] = useState<Failure | null>(null);
  const [hint, setHint] = useState<'wrong' | 'server' | 'staffNo' | 'password' | null>(null);
  const serverField = useRef<HTMLInputElement>(null);
  const staffField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const fixed = session.presetServer !== null && !otherServer;
  const probe = useProbe(url, connected, tries);
  const demo = (session.demo && fixed) || (probe.kind === 'found' && probe.demo);

  // The session may be answered after the first paint.
  useEffect(
    () => setUrl((u) => (u === '' ? (session.presetServer ?? session.server?.url ?? '') : u)),
    [session.presetServer, session.server],
  );
  useEffect(() => {
    const first = !fixed && url === '' ? serverField : staffNo === '' ? staffField : passwordField;
    first.current?.focus();
    // Only when the screen opens: later the caret is the agent's.
  }, []);

  const need = (what: 'server' | 'staffNo' | 'password'): void => {
    setHint(what);
    ({ server: serverField, staffNo: staffField, password: passwordField })[what].current?.focus();
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await signIn(false);
  };

  const signIn = async (startAnew: boolean): Promise<void> => {
    // An Enter too many, before the dialog has taken the focus, is no other attempt.
    if (busy || (dialog !== null && !startAnew)) return;
    if (url.trim() === '') return need('server');
    if (staffNo.trim() === '') return need('staffNo');
    if (password === '') return need('password');
    setHint(null);
    setBusy(true);
    try {
      const answer = await core.call('session.signIn', { url: url.trim(), staffNo: staffNo.trim(), password, startAnew });
      if (!answer.ok) {
        const wait = format.span(Math.max(answer.retryAfter ?? 60_000, 60_000));
        setDialog({
          sentence: t(`signIn.reason.${answer.reason}`, { wait }),
          wrongEntry: answer.reason === 'bad-credentials',
          unreadable: answer.reason === 'store-unreadable' ? (answer.waiting ?? 0) : null,
        });
        // What was found at the address may be another now.
        setTries((n) => n + 1);
      }
    } catch (error) {
      setDialog({ sentence: bridgeSentence(error), wrongEntry: false, unreadable: null });
    } finally {
      setBusy(false);
    }
  };

  const closeDialog = (): void => {
    if (dialog?.wrongEntry) {
      setPassword('');
      setHint('wrong');
    }
    setDialog(null);
  };

  return (
    <div className="si">
      <header className="sicap">
        <span className="grow" />
        <LanguageMenu />
        <WindowButtons />
      </header>
      <main className="sim">
        <div className="silogo">
          <Icon name="logo" />
          <h1>{t('app.name')}</h1>
        </div>
        {session.erased !== null ? (
          <div className="lead notice" role="alert" data-testid="erased">
            <Icon name="lock" />
            <div>
              <p>{t('removal.erased', { staffNo: session.erased.staffNo })}</p>
              {session.erased.waiting > 0 && <p>{t('removal.erasedWaiting', { n: session.erased.waiting })}</p>}
              <p>{t('removal.erasedAgain')}</p>
            </div>
          </div>
        ) : session.reason === null ? (
          <p className="t2 lead">{demo ? t('signIn.leadDemo') : t('signIn.lead')}</p>
        ) : (
          <div className="lead notice" role="alert">
            <Icon name="lock" />
            <div>
              <p>{t(`signIn.again.${session.reason}`)}</p>
              {waiting > 0 && <p data-testid="signin-waiting">{t('signIn.waiting', { n: waiting })}</p>}
            </div>
          </div>
        )}
        <form onSubmit={(e) => void submit(e)} noValidate>
          <div className="fi">
            <label htmlFor="si-server">{t('signIn.server')}</label>
            <div className={`in${hint === 'server' || probe.kind === 'failed' ? ' err' : ''}${fixed ? ' fixed' : ''}`}>
              {fixed && <Icon name="server" className="t3" />}
              <input
                ref={serverField}
                id="si-server"
                data-testid="signin-server"
                value={url}
                readOnly={fixed}
                placeholder={t('signIn.serverPlaceholder')}
                autoComplete="off"
                spellCheck={false}
                aria-describedby="si-server-hint"
                onChange={(e) => {
                  setUrl(e.target.value);
                  setHint(null);
                }}
              />
              {probe.kind === 'found' && (
                <span className="ok row">
                  <Icon name="check" small />
                  {t('signIn.found')}
                </span>
              )}
              {probe.kind === 'asking' && <span className="t3">{t('signIn.finding')}</span>}
            </div>
            <p id="si-server-hint" className={`hint ${probe.kind === 'failed' || hint === 'server' ? 'danger' : 't2'}`} aria-live="polite">
              {hint === 'server' && t('signIn.missingServer')}
              {probe.kind === 'failed' && t(`signIn.reason.${probe.reason}`)}
              {probe.kind === 'found' && t(fixed ? 'signIn.preset' : 'signIn.foundOnce', { name: probe.name })}
              {fixed && session.demo && (
                <button
                  type="button"
                  className="acc other"
                  onClick={() => {
                    setOtherServer(true);
                    setUrl('');
                    requestAnimationFrame(() => serverField.current?.focus());
                  }}
                >
                  {t('signIn.otherServer')}
                </button>
              )}
            </p>
          </div>
          <div className="fi">
            <label htmlFor="si-staff">{t('signIn.staffNo')}</label>
            <div className={hint === 'staffNo' ? 'in err' : 'in'}>
              <input
                ref={staffField}
                id="si-staff"
                data-testid="signin-staff-no"
                value={staffNo}
                maxLength={40}
                autoComplete="username"
                spellCheck={false}
                onChange={(e) => {
                  setStaffNo(e.target.value);
                  setHint(null);
                }}
              />
            </div>
            <p className="hint danger" aria-live="polite">
              {hint === 'staffNo' && t('signIn.missingStaffNo')}
            </p>
          </div>
          <div className="fi">
            <label htmlFor="si-password">{t('signIn.password')}</label>
            <div className={hint === 'wrong' || hint === 'password' ? 'in err' : 'in'}>
              <input
                ref={passwordField}
                id="si-password"
                data-testid="signin-password"
                type={shown ? 'text' : 'password'}
                value={password}
                maxLength={256}
                autoComplete="current-password"
                aria-describedby="si-password-hint"
                onChange={(e) => {
                  setPassword(e.target.value);
                  setHint(null);
                }}
              />
              <button type="button" className="t3" aria-pressed={shown} aria-controls="si-password" onClick={() => setShown(!shown)}>
                {shown ? t('signIn.hide') : t('signIn.show')}
              </button>
            </div>
            <p id="si-password-hint" className="hint danger row" aria-live="polite">
              {hint === 'wrong' && (
                <>
                  <Icon name="tri" small />
                  {t('signIn.wrongHint')}
                </>
              )}
              {hint === 'password' && t('signIn.missingPassword')}
            </p>
          </div>
          <button type="submit" className="btn primary big" data-testid="signin-submit" aria-disabled={busy}>
            {busy ? t('signIn.submitting') : t('signIn.submit')} {!busy && <kbd>↵</kbd>}
          </button>
        </form>
        {demo && (
          <DemoAccounts
            onPick={(account) => {
              setStaffNo(account.staffNo);
              setPassword(account.password);
              setHint(null);
            }}
          />
        )}
        {session.reason === null && session.erased === null && (
          <div className="note t2">
            <Icon name="off" className="t3" />
            <p>{t('signIn.offlineNote')}</p>
          </div>
        )}
        {session.secrets !== 'os' && (
          <div className={session.reason === null && session.erased === null ? 'note plain t2' : 'note t2'}>
            <Icon name="lock" className="t3" />
            <p>{t(`signIn.secrets.${session.secrets}`)}</p>
          </div>
        )}
      </main>
      <footer className="t3 meta">
        {t('signIn.footer', { version: info?.version ?? '' })}
        {stored.length > 0 && (
          <button type="button" className="acc" data-testid="remove-account" onClick={() => setRemoving(true)}>
            {t('removal.link')}
          </button>
        )}
      </footer>
      {removing && stored.length > 0 && <RemoveAccount accounts={stored} onClose={() => setRemoving(false)} />}
      <Modal
        open={dialog !== null}
        title={
          <span className="row">
            <Icon name="tri" className="danger" />
            {t(dialog?.unreadable == null ? 'signIn.failedTitle' : 'signIn.unreadable.title')}
          </span>
        }
        width={dialog?.unreadable == null ? 400 : 480}
        centered
        closable={false}
        mask={{ closable: false }}
        onCancel={closeDialog}
        afterOpenChange={(open) => (open ? confirm.current?.focus() : passwordField.current?.focus())}
        footer={
          <div className="acts two end">
            {dialog?.unreadable != null && (
              <button
                type="button"
                className="btn act"
                data-testid="start-anew"
                onClick={() => {
                  setDialog(null);
                  void signIn(true);
                }}
              >
                {t('signIn.unreadable.startAnew')}
              </button>
            )}
            <button ref={confirm} type="button" className="btn act primary" data-testid="confirm" onClick={closeDialog}>
              {t(dialog?.unreadable == null ? 'common.ok' : 'signIn.unreadable.leave')}
            </button>
          </div>
        }
      >
        <div className="why" data-testid="signin-error">
          <p>{dialog?.sentence}</p>
          {dialog?.unreadable != null && (
            <>
              {dialog.unreadable > 0 && (
                <p>
                  <b>{t('signIn.unreadable.waiting', { n: dialog.unreadable })}</b>
                </p>
              )}
              <p>{t('signIn.unreadable.choice')}</p>
            </>
          )}
        </div>
      </Modal>
    </div>
  );
}
