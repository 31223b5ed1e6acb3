import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../hooks/use-session.ts';
import { useCalls } from '../../stores/calls-store.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { startTicketForCaller } from '../customers/start-ticket-for.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';

/** Nobody here has this number. Nothing is made before the form is submitted. */
export function NewCaller({ phone }: { readonly phone: string }): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const show = useToast((s) => s.show);
  const close = useCalls((s) => s.close);
  const bridge = useBridgeSentence();
  const [failure, setFailure] = useState<string | null>(null);
  const begin = async (): Promise<void> => {
    try {
      const how = await startTicketForCaller(phone);
      if (how === 'kept') show({ tone: 'warn', text: t('customers.act.newTicketKept') });
      // The sheet stays: the number on it is still to be entered.
      if (how === 'other') setFailure(t('calls.otherTyped'));
      else close();
    } catch (error) {
      setFailure(bridge(error));
    }
  };
  return (
    <div className="callbody" data-testid="caller-unknown">
      <p>{t('calls.unknown')}</p>
      {failure !== null && (
        <p className="fail" role="alert" data-testid="call-failure">
          {failure}
        </p>
      )}
      {session?.mayCreate === true ? (
        <p className="row">
          <button type="button" className="btn primary" data-testid="call-new-customer" onClick={() => void begin()}>
            <Icon name="plus" small />
            {t('calls.newCustomer')}
          </button>
        </p>
      ) : (
        <p className="t2">{t('calls.mayNot')}</p>
      )}
    </div>
  );
}
