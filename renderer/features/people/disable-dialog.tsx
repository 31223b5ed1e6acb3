import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast } from '../../stores/toast-store.ts';
import { FailureLine } from '../settings/failure-line.tsx';
import { useOperation } from '../settings/use-operation.ts';
import type { StaffRow } from './staff-row.ts';
import { PersonSelect } from './person-select.tsx';

export interface DisableDialogProps {
  readonly person: StaffRow;
  onDone(): void;
  onClose(): void;
}

type Fate = 'pool' | 'keep' | 'to';

/** Takes an account out of use, and says what becomes of its open tickets. */
export function DisableDialog({ person, onDone, onClose }: DisableDialogProps): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const show = useToast((s) => s.show);
  const [fate, setFate] = useState<Fate>('pool');
  const [accountId, setAccountId] = useState<string | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    if (fate === 'to' && accountId === null) return setWhy(t('people.disable.needPerson'));
    setBusy(true);
    const tickets =
      fate === 'to' && accountId !== null
        ? { what: 'to' as const, accountId }
        : { what: fate === 'keep' ? ('keep' as const) : ('pool' as const) };
    const answer = await run('staff.disable', { id: person.id, tickets });
    setBusy(false);
    if (!answer.ok) return setWhy(answer.why);
    const { moved } = answer.output;
    const { name } = person;
    show({ tone: 'ok', text: moved > 0 ? t('people.disable.doneMoved', { name, n: moved }) : t('people.disable.done', { name }) });
    onDone();
  };
  return (
    <Modal open title={t('people.disable.title', { name: person.name })} width={480} centered footer={null} onCancel={onClose}>
      <div className="dlg" data-testid="disable-dialog">
        <p>{t('people.disable.lead')}</p>
        <p>{person.openTickets === 0 ? t('people.disable.none') : t('people.disable.open', { n: person.openTickets })}</p>
        {person.openTickets > 0 && (
          <fieldset className="picks">
            <legend className="sr">{t('people.disable.open', { n: person.openTickets })}</legend>
            {(['pool', 'to', 'keep'] as const).map((f) => (
              <label key={f} className="choice">
                <input type="radio" name="fate" checked={fate === f} data-testid={`fate-${f}`} onChange={() => setFate(f)} />
                <span>{t(`people.disable.${f}`)}</span>
              </label>
            ))}
          </fieldset>
        )}
        {fate === 'to' && (
          <PersonSelect
            value={accountId}
            label={t('people.disable.to')}
            exceptId={person.id}
            testId="disable-person"
            onChange={setAccountId}
          />
        )}
        <FailureLine why={why} />
        <div className="dlgfoot">
          <span className="grow" />
          <button type="button" className="btn act" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className="btn act solid-danger"
            disabled={busy}
            data-testid="disable-confirm"
            onClick={() => void confirm()}
          >
            {t('people.disable.confirm')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
