import { Select } from 'antd';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { natures, priorities } from '../../../shared/domain/tickets.ts';
import type { Draft } from '../../hooks/use-draft.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useLabels } from '../../hooks/use-labels.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { CustomFields } from './custom-fields.tsx';
import { changedTo, type ComposerText, type PlainField, type TicketDetail, withChange } from './composer-draft.ts';

export interface TicketFieldsProps {
  readonly ticket: TicketDetail;
  /** Where edits go; null: nothing can be edited. */
  readonly draft: Draft<ComposerText> | null;
}

export function TicketFields({ ticket, draft }: TicketFieldsProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const [whole, setWhole] = useState(false);
  const fact = (name: string, value: ReactNode): ReactElement => (
    <div className="fd">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <>
      <dl className="fields">
        <EditableField field="category" ticket={ticket} draft={draft} />
        <EditableField field="nature" ticket={ticket} draft={draft} />
        <EditableField field="priority" ticket={ticket} draft={draft} />
        {fact(t('panel.field.source'), t(`source.${ticket.source}`))}
        {fact(t('panel.field.group'), ticket.groupName)}
        {fact(
          t('panel.field.due'),
          ticket.dueAt === null ? t('panel.noDeadline') : <span title={format.exact(ticket.dueAt)}>{format.short(ticket.dueAt, now)}</span>,
        )}
        {fact(t('panel.field.assignee'), ticket.assigneeName === '' ? '—' : ticket.assigneeName)}
        {fact(t('panel.field.created'), <span title={format.exact(ticket.createdAt)}>{format.short(ticket.createdAt, now)}</span>)}
      </dl>
      <CustomFields ticket={ticket} draft={draft} />
      {ticket.description !== '' && (
        <section className="desc" aria-label={t('panel.description')}>
          <p className={whole ? 'whole' : 'clamp'}>{ticket.description}</p>
          {ticket.description.length > 76 && (
            <button type="button" className="acc meta" aria-expanded={whole} onClick={() => setWhole(!whole)}>
              {whole ? t('panel.less') : t('panel.more')}
            </button>
          )}
        </section>
      )}
    </>
  );
}

interface EditableFieldProps extends TicketFieldsProps {
  readonly field: Exclude<PlainField, 'subject'>;
}

/** Turns into a choice on click or Enter, at the same height. The edit goes with 更新工单. */
function EditableField({ field, ticket, draft }: EditableFieldProps): ReactElement {
  const { t } = useTranslation();
  const labels = useLabels();
  const [editing, setEditing] = useState(false);
  // Asked for once somebody wants to choose: all tickets are read for it.
  const categories = useQuery('directory.words', editing && field === 'category' ? {} : null).value?.categories ?? [];
  const options = (): { value: string; label: string }[] => {
    if (field === 'priority') return priorities.map((each) => ({ value: each, label: t(`priority.${each}`) }));
    if (field === 'nature') return natures.map((each) => ({ value: each, label: t(`nature.${each}`) }));
    return [...new Set([ticket.category, ...categories])].filter((c) => c !== '').map((each) => ({ value: each, label: each }));
  };
  const name = t(`panel.field.${field}`);
  const to = draft === null ? null : changedTo(draft.value.changes, field);
  const value = to ?? ticket[field];
  const set = (next: string): void => {
    setEditing(false);
    draft?.change({ changes: withChange(draft.value.changes, ticket, field, next) });
  };
  return (
    <div className="fd">
      <dt>{name}</dt>
      <dd>
        {draft === null ? (
          labels.value(field, value)
        ) : editing ? (
          <Select
            size="small"
            className="fieldselect"
            aria-label={name}
            value={value}
            options={options()}
            autoFocus
            defaultOpen
            showSearch={field === 'category'}
            popupMatchSelectWidth={180}
            onChange={set}
            onBlur={() => setEditing(false)}
            onOpenChange={(open) => {
              if (!open) setEditing(false);
            }}
          />
        ) : (
          <>
            <button
              type="button"
              className={to === null ? 'edit el' : 'edit el changed'}
              title={
                to === null
                  ? t('panel.edit', { field: name })
                  : `${labels.value(field, ticket[field])} → ${labels.value(field, to)} · ${t('panel.willChange')}`
              }
              aria-label={t('panel.edit', { field: name }) + ` ${labels.value(field, value)}`}
              data-testid={`field-${field}`}
              onClick={() => setEditing(true)}
            >
              {labels.value(field, value)}
            </button>
            {to !== null && (
              <button
                type="button"
                className="revert t3"
                onClick={() => set(ticket[field])}
                title={t('panel.revert', { value: labels.value(field, ticket[field]) })}
              >
                ↩<span className="sr">{t('panel.revert', { value: labels.value(field, ticket[field]) })}</span>
              </button>
            )}
          </>
        )}
      </dd>
    </div>
  );
}
