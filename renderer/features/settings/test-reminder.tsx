import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';

/** Sends a notification as those to come, and says what became of it. */
export function TestReminder(): ReactElement {
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
