import { type FormEvent, type KeyboardEvent, type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import type { Draft } from '../../hooks/use-draft.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { isSendKey } from '../../ui/is-send-key.ts';
import { DraftWord } from '../handling/draft-word.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { PersonSelect } from '../people/person-select.tsx';
import type { CustomerCardData } from './card-data.ts';
import { changesOf, type CustomerEdit, type Need, needOf, rebased } from './customer-draft.ts';
import { FactFields } from './fact-fields.tsx';
import { TwinWarning, useTwins } from './twin-warning.tsx';

export interface CustomerEditFormProps {
  readonly card: CustomerCardData;
  readonly draft: Draft<CustomerEdit>;
  readonly form: string;
  onDone(): void;
}

export const baseOf = (card: CustomerCardData): NonNullable<CustomerEdit['base']> => ({
  name: card.name,
  phones: card.phones,
  emails: card.emails,
  address: card.address,
  tier: card.tier,
  ownerId: card.ownerId,
});

/** What is known of a customer, to be changed; each changed fact goes with the value that was seen. */
export function CustomerEditForm({ card, draft, form, onDone }: CustomerEditFormProps): ReactElement {
  const { t } = useTranslation();
  const { value, change } = draft;
  const refusal = useRefusalSentence();
  const bridge = useBridgeSentence();
  const show = useToast((s) => s.show);
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  const twins = useTwins(value.phones, value.emails, card.id);
  const [need, setNeed] = useState<Need | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => setNeed(null), [value]);
  const changes = changesOf(value);

  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (busy) return;
    if (changes.length === 0) return onDone();
    const gap = needOf(value);
    setNeed(gap);
    if (gap !== null) return;
    setBusy(true);
    setFailure(null);
    draft.hold();
    try {
      const answer = await core.call('records.act', { kind: 'editCustomer', subjectId: card.id, args: { changes }, draft: form });
      if (answer.ok) {
        draft.sent();
        show({ tone: 'ok', text: `${t(offline ? 'customers.edit.savedPending' : 'customers.edit.saved')} · ${value.name.trim()}` });
        return onDone();
      }
      setFailure(refusal(answer.refusal));
      // Both values are in the sentence now; whoever saves once more has chosen.
      if (answer.refusal.code === 'conflict') change(rebased(value, baseOf(card)));
    } catch (error) {
      setFailure(bridge(error));
    }
    setBusy(false);
    draft.resume();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    void submit();
  };
  return (
    <form
      className="tv"
      aria-label={t('customers.edit.title')}
      data-testid="customer-edit-form"
      onSubmit={(e) => void submit(e)}
      onKeyDown={onKeyDown}
      onBlur={draft.flush}
    >
      <div className="mid nfs">
        <FactFields value={value} need={need} onChange={change} />
        {card.mayOwn && (
          <label className="nf">
            <span>{t('customers.edit.owner')}</span>
            <PersonSelect
              value={value.ownerId}
              label={t('customers.edit.owner')}
              nobody={t('customers.edit.ownerNobody')}
              testId="customer-owner"
              onChange={(ownerId) => change({ ownerId })}
            />
          </label>
        )}
        <TwinWarning twins={twins} />
      </div>
      <footer className="comp">
        {failure !== null && (
          <p className="fail" role="alert" data-testid="action-failure">
            <Icon name="tri" small />
            {failure}
          </p>
        )}
        <div className="row">
          <DraftWord state={draft.state} />
        </div>
        <p className="will">{changes.length === 0 ? t('customers.edit.willNone') : t('customers.edit.will', { n: changes.length })}</p>
        <div className="acts two">
          <button type="submit" className="btn act primary" data-testid="customer-save" aria-disabled={busy}>
            {t('customers.edit.save')} <kbd>Ctrl ↵</kbd>
          </button>
          <button
            type="button"
            className="btn act"
            data-testid="customer-discard"
            onClick={() => {
              change({ ...baseOf(card), base: null });
              onDone();
            }}
          >
            {t('customers.edit.discard')}
          </button>
        </div>
      </footer>
    </form>
  );
}
