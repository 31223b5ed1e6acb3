import { Select } from 'antd';
import { type FormEvent, type KeyboardEvent, type ReactElement, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { customerFacts, limits } from '../../../shared/domain/commands/command.ts';
import { fieldsInUse, isEmptyValue } from '../../../shared/domain/custom-fields.ts';
import { natures, priorities, sources } from '../../../shared/domain/tickets.ts';
import { core } from '../../bridge.ts';
import { useDraft } from '../../hooks/use-draft.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { CustomFieldInput } from '../../ui/custom-field-input.tsx';
import { isSendKey } from '../../ui/is-send-key.ts';
import { underPopup } from '../../ui/under-popup.ts';
import { AttachButton, takePasted } from '../attachments/attach-button.tsx';
import { DropZone } from '../attachments/drop-zone.tsx';
import { FileDrafts } from '../attachments/file-drafts.tsx';
import { useFileTake } from '../attachments/use-file-take.ts';
import { DraftWord } from '../handling/draft-word.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { CustomerPicker } from './customer-picker.tsx';
import { HandsChoice } from './hands-choice.tsx';
import type { Need } from './new-customer-facts.tsx';
import { newTicketDraft } from './new-ticket-draft.ts';

const FORM = 'new';
/** As the bridge takes it. */
type Plain = string | number | boolean | string[];
const isPhone = (phone: string): boolean => phone.trim().length >= 3 && /\d/.test(phone);

/** 新建工单, in the panel's place; what is typed is kept as a draft. */
export function NewTicket(): ReactElement {
  const { t } = useTranslation();
  const draft = useDraft(FORM, newTicketDraft);
  const { value, change } = draft;
  const files = useFileTake(FORM);
  const waiting = useQuery('attachments.list', { of: 'form', id: FORM }).value ?? [];
  const setCreating = useView((s) => s.setCreating);
  const openTicket = useView((s) => s.openTicket);
  const go = useView((s) => s.go);
  const show = useToast((s) => s.show);
  const directory = useQuery('directory.list', {}).value;
  const categories = useQuery('directory.words', {}).value?.categories ?? [];
  const fields = useMemo(() => fieldsInUse(directory?.customFields ?? []), [directory]);
  const refusal = useRefusalSentence();
  const bridge = useBridgeSentence();
  const [need, setNeed] = useState<Need | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => setNeed(null), [value]);

  const missing = (): Need | null => {
    if (value.adding && value.name.trim() === '') return 'name';
    if (value.adding && (value.phone.trim() !== '' || value.email.trim() === '') && !isPhone(value.phone)) return 'phone';
    if (value.adding && value.email.trim() !== '' && !customerFacts.emails.safeParse([value.email]).success) return 'email';
    if (!value.adding && value.customer === null) return 'customer';
    return value.subject.trim() === '' ? 'subject' : null;
  };

  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (busy) return;
    const gap = missing();
    setNeed(gap);
    if (gap !== null) return;
    if (waiting.some((f) => f.state === 'copying')) return setFailure(t('files.stillCopying'));
    setBusy(true);
    setFailure(null);
    draft.hold();
    try {
      const answer = await core.call('tickets.create', {
        customerId: value.adding ? null : (value.customer?.id ?? null),
        ...(value.adding && {
          customer: {
            name: value.name.trim(),
            phones: value.phone.trim() === '' ? [] : [value.phone.trim()],
            emails: value.email.trim() === '' ? [] : [value.email.trim()],
            address: value.address.trim(),
            tier: value.tier.trim(),
          },
        }),
        ...(value.groupId !== '' && { groupId: value.groupId }),
        ...(value.assigneeId !== '' && { assigneeId: value.assigneeId }),
        custom: Object.fromEntries(fields.flatMap((f) => (isEmptyValue(value.custom[f.id]) ? [] : [[f.id, value.custom[f.id] as Plain]]))),
        subject: value.subject.trim(),
        description: value.description.trim(),
        category: value.category,
        nature: value.nature,
        priority: value.priority,
        source: value.source,
        draft: FORM,
      });
      if (answer.ok) {
        draft.sent();
        show({ tone: 'ok', text: `${t('create.created')} · ${value.subject.trim()}` });
        // Given to somebody else or to the pool, it is in none of the own lists.
        if (value.assigneeId === '') go({ kind: 'list', list: 'pending', searchId: null });
        openTicket({ ticketId: answer.ticketId, transferId: null });
        return;
      }
      setFailure(refusal(answer.refusal));
    } catch (error) {
      setFailure(bridge(error));
    }
    setBusy(false);
    draft.resume();
  };

  const clear = (): void => {
    change(newTicketDraft.empty);
    for (const { id } of waiting) core.call('attachments.discard', { id }).catch((error: unknown) => setFailure(bridge(error)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event)) return;
    event.preventDefault();
    void submit();
  };
  const choice = (name: 'priority' | 'nature' | 'source', options: readonly { value: string; label: string }[]): ReactElement => (
    <label className="nf half">
      <span>{t(`panel.field.${name}`)}</span>
      <Select
        value={value[name]}
        options={[...options]}
        aria-label={t(`panel.field.${name}`)}
        data-testid={`new-${name}`}
        onChange={(v) => change({ [name]: v })}
      />
    </label>
  );

  return (
    <DropZone take={files}>
      <form
        className="tv new"
        aria-label={t('create.title')}
        data-testid="new-ticket-form"
        onSubmit={(e) => void submit(e)}
        onKeyDown={onKeyDown}
        onBlur={draft.flush}
        onPaste={(e) => takePasted(e, files, t('files.screenshot'))}
      >
        <header className="ph">
          <div className="l1">
            <h2>{t('create.title')}</h2>
            <span className="pend">{t('list.unnumbered')}</span>
            <span className="grow" />
            <button
              type="button"
              className="btn icon"
              title={`${t('common.close')} Esc`}
              aria-label={t('common.close')}
              onClick={() => setCreating(false)}
            >
              <Icon name="x" />
            </button>
          </div>
        </header>
        <div className="mid nfs">
          <CustomerPicker value={value} onChange={change} need={need === 'subject' ? null : need} />
          <label className="nf">
            <span>{t('create.subject')}</span>
            <input
              className={need === 'subject' ? 'fld err' : 'fld'}
              value={value.subject}
              maxLength={limits.subject}
              data-testid="new-subject"
              onChange={(e) => change({ subject: e.target.value })}
            />
            {need === 'subject' && <span className="danger meta">{t('create.need.subject')}</span>}
          </label>
          <label className="nf">
            <span>{t('create.description')}</span>
            <textarea
              className="fld"
              rows={4}
              value={value.description}
              maxLength={limits.text}
              data-testid="new-description"
              onChange={(e) => change({ description: e.target.value })}
            />
          </label>
          <div className="nfgrid">
            <label className="nf half">
              <span>{t('create.category')}</span>
              <Select
                showSearch
                value={value.category === '' ? null : value.category}
                placeholder={t('create.categoryPlaceholder')}
                aria-label={t('create.category')}
                options={categories.map((c) => ({ value: c, label: c }))}
                data-testid="new-category"
                onChange={(category: string) => change({ category })}
              />
            </label>
            {choice(
              'priority',
              priorities.map((p) => ({ value: p, label: t(`priority.${p}`) })),
            )}
            {choice(
              'nature',
              natures.map((n) => ({ value: n, label: t(`nature.${n}`) })),
            )}
            {choice(
              'source',
              sources.map((s) => ({ value: s, label: t(`source.${s}`) })),
            )}
          </div>
          <HandsChoice value={value} onChange={change} />
          {fields.length > 0 && (
            <section className="nfgrid" aria-label={t('custom.title')}>
              {fields.map((f) => (
                <div key={f.id} className={f.type === 'longText' ? 'nf wide' : 'nf half'}>
                  <label htmlFor={`new-custom-${f.id}`}>
                    {f.name}
                    {f.required && (
                      <span className="need" title={t('create.requiredLater')}>
                        *
                      </span>
                    )}
                  </label>
                  <CustomFieldInput
                    id={`new-custom-${f.id}`}
                    field={f}
                    value={value.custom[f.id] ?? null}
                    onChange={(v) => change({ custom: { ...value.custom, [f.id]: v } })}
                  />
                </div>
              ))}
            </section>
          )}
        </div>
        <footer ref={underPopup} className="comp">
          {failure !== null && (
            <p className="fail" role="alert" data-testid="action-failure">
              <Icon name="tri" small />
              {failure}
            </p>
          )}
          <FileDrafts take={files} />
          <div className="row">
            <DraftWord state={draft.state} />
            <span className="grow" />
            <AttachButton take={files} />
          </div>
          <p className="will">
            <b>{t('create.title')}</b>
            {t('common.colon')}
            {t(value.assigneeId === '' ? 'create.will' : value.assigneeId === 'pool' ? 'create.willPool' : 'create.willOther')}
          </p>
          <div className="acts two">
            <button type="submit" className="btn act primary" data-testid="new-submit" aria-disabled={busy}>
              {t('create.submit')} <kbd>Ctrl ↵</kbd>
            </button>
            <button type="button" className="btn act" data-testid="new-clear" onClick={clear}>
              {t('create.discard')}
            </button>
          </div>
        </footer>
      </form>
    </DropZone>
  );
}
