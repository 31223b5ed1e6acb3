import { Select } from 'antd';
import { type FormEvent, type KeyboardEvent, type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import { priorities, sources } from '../../../shared/domain/tickets.ts';
import { core } from '../../bridge.ts';
import { useDraft } from '../../hooks/use-draft.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { isSendKey } from '../../ui/is-send-key.ts';
import { underPopup } from '../../ui/under-popup.ts';
import { DraftWord } from '../handling/draft-word.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { filled, type Need, needOf, newCustomerDraft } from './customer-draft.ts';
import { FactFields } from './fact-fields.tsx';
import { TwinWarning, useTwins } from './twin-warning.tsx';

const FORM = 'customer:new';

/** 新建客户, alone or with a ticket in the same step (X05); what is typed is kept as a draft. */
export function NewCustomer(): ReactElement {
  const { t } = useTranslation();
  const draft = useDraft(FORM, newCustomerDraft);
  const { value, change } = draft;
  const showCustomer = useView((s) => s.showCustomer);
  const openTicket = useView((s) => s.openTicket);
  const show = useToast((s) => s.show);
  const mayCreate = useSession()?.mayCreate === true;
  const categories = useQuery('directory.words', {}).value?.categories ?? [];
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  const twins = useTwins(value.phones, value.emails, null);
  const refusal = useRefusalSentence();
  const bridge = useBridgeSentence();
  const [need, setNeed] = useState<Need | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const withTicket = value.withTicket && mayCreate;
  useEffect(() => setNeed(null), [value]);

  /** @returns null when it is saved, else why not. */
  const send = async (): Promise<string | null> => {
    const facts = {
      name: value.name.trim(),
      phones: filled(value.phones),
      emails: filled(value.emails),
      address: value.address.trim(),
      tier: value.tier.trim(),
      // Whoever saw the warning and goes on wants both.
      unique: twins.length === 0,
    };
    if (withTicket) {
      const answer = await core.call('tickets.create', {
        customerId: null,
        customer: facts,
        subject: value.subject.trim(),
        description: value.description.trim(),
        category: value.category,
        nature: 'incident',
        priority: value.priority,
        source: value.source,
        draft: FORM,
      });
      if (!answer.ok) return refusal(answer.refusal);
      draft.sent();
      show({ tone: 'ok', text: t('customers.create.createdBoth', { name: facts.name }) });
      openTicket({ ticketId: answer.ticketId, transferId: null });
      return null;
    }
    const answer = await core.call('records.act', {
      kind: 'addCustomer',
      subjectId: null,
      args: { ...facts, source: value.source, owned: value.owned },
      draft: FORM,
    });
    if (!answer.ok) return refusal(answer.refusal);
    draft.sent();
    const saved = t(offline ? 'composer.savedPending' : 'composer.saved');
    show({ tone: 'ok', text: `${saved} · ${t('customers.create.created', { name: facts.name })}` });
    showCustomer(answer.subjectId);
    return null;
  };

  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (busy) return;
    const gap = needOf(value) ?? (withTicket && value.subject.trim() === '' ? { what: 'subject' as const, index: 0 } : null);
    setNeed(gap);
    if (gap !== null) return;
    setBusy(true);
    setFailure(null);
    draft.hold();
    try {
      const why = await send();
      if (why === null) return;
      setFailure(why);
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
  const will =
    twins.length > 0
      ? t('customers.create.willTwin')
      : withTicket
        ? t('customers.create.willBoth')
        : t(value.owned ? 'customers.create.will' : 'customers.create.willFree');

  return (
    <form
      className="tv new"
      aria-label={t('customers.create.title')}
      data-testid="new-customer-form"
      onSubmit={(e) => void submit(e)}
      onKeyDown={onKeyDown}
      onBlur={draft.flush}
    >
      <header className="ph">
        <div className="l1">
          <h2>{t('customers.create.title')}</h2>
          <span className="grow" />
          <button
            type="button"
            className="btn icon"
            title={`${t('common.close')} Esc`}
            aria-label={t('common.close')}
            data-testid="customer-close"
            onClick={() => showCustomer(null)}
          >
            <Icon name="x" />
          </button>
        </div>
      </header>
      <div className="mid nfs">
        <FactFields value={value} need={need} onChange={change} />
        <TwinWarning twins={twins} />
        <div className="nfgrid">
          <label className="nf half">
            <span>{t('customers.field.source')}</span>
            <Select
              value={value.source}
              options={sources.map((s) => ({ value: s, label: t(`source.${s}`) }))}
              aria-label={t('customers.field.source')}
              data-testid="customer-source"
              onChange={(source) => change({ source })}
            />
          </label>
          {!withTicket && (
            <div className="nf half">
              <span>{t('customers.create.ownership')}</span>
              <Segments
                label={t('customers.create.ownership')}
                value={value.owned ? 'me' : 'free'}
                onChange={(to) => change({ owned: to === 'me' })}
                options={[
                  { value: 'me', label: t('customers.create.owned'), testId: 'customer-owned' },
                  { value: 'free', label: t('customers.create.free'), testId: 'customer-free' },
                ]}
              />
            </div>
          )}
        </div>
        <label className={mayCreate ? 'cbx' : 'cbx off'}>
          <input
            type="checkbox"
            checked={withTicket}
            disabled={!mayCreate}
            data-testid="customer-with-ticket"
            onChange={(e) => change({ withTicket: e.target.checked })}
          />
          {t('customers.create.withTicket')}
          {!mayCreate && <span className="meta">{t('customers.create.withTicketNot')}</span>}
        </label>
        {withTicket && (
          <div className="nest">
            <label className="nf">
              <span>{t('create.subject')}</span>
              <input
                className={need?.what === 'subject' ? 'fld err' : 'fld'}
                value={value.subject}
                maxLength={limits.subject}
                data-testid="customer-subject"
                onChange={(e) => change({ subject: e.target.value })}
              />
              {need?.what === 'subject' && (
                <span className="danger meta" role="alert">
                  {t('customers.need.subject')}
                </span>
              )}
            </label>
            <label className="nf">
              <span>{t('create.description')}</span>
              <textarea
                className="fld short"
                rows={2}
                value={value.description}
                maxLength={limits.text}
                onChange={(e) => change({ description: e.target.value })}
              />
            </label>
            <div className="nfgrid">
              <label className="nf half">
                <span>{t('create.category')}</span>
                <Select
                  showSearch
                  allowClear
                  value={value.category === '' ? null : value.category}
                  placeholder={t('create.categoryPlaceholder')}
                  aria-label={t('create.category')}
                  options={categories.map((c) => ({ value: c, label: c }))}
                  onChange={(category: string | undefined) => change({ category: category ?? '' })}
                />
              </label>
              <label className="nf half">
                <span>{t('panel.field.priority')}</span>
                <Select
                  value={value.priority}
                  aria-label={t('panel.field.priority')}
                  options={priorities.map((p) => ({ value: p, label: t(`priority.${p}`) }))}
                  onChange={(priority) => change({ priority })}
                />
              </label>
            </div>
          </div>
        )}
      </div>
      <footer ref={underPopup} className="comp">
        {failure !== null && (
          <p className="fail" role="alert" data-testid="action-failure">
            <Icon name="tri" small />
            {failure}
          </p>
        )}
        <div className="row">
          <DraftWord state={draft.state} />
        </div>
        <p className={twins.length > 0 ? 'will grave' : 'will'}>{will}</p>
        <div className="acts two">
          <button type="submit" className="btn act primary" data-testid="customer-submit" aria-disabled={busy}>
            {twins.length > 0 ? t('customers.create.anyway') : t(withTicket ? 'customers.create.submitBoth' : 'customers.create.submit')}{' '}
            <kbd>Ctrl ↵</kbd>
          </button>
          <button type="button" className="btn act" onClick={() => change(newCustomerDraft.empty)}>
            {t('customers.create.clear')}
          </button>
        </div>
      </footer>
    </form>
  );
}
