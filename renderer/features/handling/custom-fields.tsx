import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CustomField, fieldsInUse, isEmptyValue } from '../../../shared/domain/custom-fields.ts';
import type { CustomValue } from '../../../shared/domain/tickets.ts';
import type { Draft } from '../../hooks/use-draft.ts';
import { useCustomWords } from '../../hooks/use-custom-words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { CustomFieldInput } from '../../ui/custom-field-input.tsx';
import { type ComposerText, customChange, type TicketDetail, withCustomChange } from './composer-draft.ts';
import { useMissingFields } from './use-missing-fields.ts';

export interface CustomFieldsProps {
  readonly ticket: TicketDetail;
  /** Where edits go; null: nothing can be edited. */
  readonly draft: Draft<ComposerText> | null;
}

const none: ComposerText['changes'] = [];
/** So many are shown whether they are filled in or not. */
const FEW = 4;

/** 自定义字段 on the handling screen (X24): a value becomes its input on click; the edit goes with 更新工单. */
export function CustomFields({ ticket, draft }: CustomFieldsProps): ReactElement | null {
  const { t } = useTranslation();
  const definitions = useQuery('directory.list', {}).value?.customFields;
  const changes = draft?.value.changes ?? none;
  const [whole, setWhole] = useState(false);
  const missing = useMissingFields(ticket, changes);
  const custom = ticket.custom as Readonly<Record<string, CustomValue>>;
  const inUse = fieldsInUse(definitions ?? []);
  // What was filled in before a field was taken out of use stays readable.
  const retired = (definitions ?? []).filter((f) => f.removedAt !== null && !isEmptyValue(custom[f.id]));
  // Empty ones give way to the history until they are asked for; required ones never.
  const filledIn = (field: CustomField): boolean => !isEmptyValue(custom[field.id]) || customChange(changes, field.id) !== null;
  const stays = (field: CustomField): boolean => filledIn(field) || (draft !== null && (whole || field.required || inUse.length <= FEW));
  const spare = inUse.length <= FEW ? 0 : inUse.filter((field) => !filledIn(field) && !field.required).length;
  if (inUse.filter(stays).length === 0 && retired.length === 0 && spare === 0) return null;
  return (
    <dl className="fields customs" aria-label={t('custom.title')} data-testid="custom-fields">
      {inUse.filter(stays).map((field) => (
        <CustomEntry key={field.id} field={field} ticket={ticket} draft={draft} missing={draft !== null && missing.includes(field)} />
      ))}
      {retired.map((field) => (
        <CustomEntry key={field.id} field={field} ticket={ticket} draft={null} missing={false} />
      ))}
      {spare > 0 && draft !== null && (
        <div className="fd wide">
          <button type="button" className="acc meta" aria-expanded={whole} data-testid="custom-more" onClick={() => setWhole(!whole)}>
            {whole ? t('custom.less') : t('custom.more', { n: spare })}
          </button>
        </div>
      )}
    </dl>
  );
}

interface CustomEntryProps extends CustomFieldsProps {
  readonly field: CustomField;
  readonly missing: boolean;
}

function CustomEntry({ field, ticket, draft, missing }: CustomEntryProps): ReactElement {
  const { t } = useTranslation();
  const words = useCustomWords();
  const [editing, setEditing] = useState(false);
  const before = (ticket.custom as Readonly<Record<string, CustomValue>>)[field.id] ?? null;
  const change = draft === null ? null : customChange(draft.value.changes, field.id);
  const value = change === null ? before : change.to;
  const said = words(field.id, value);
  const set = (to: CustomValue): void => {
    draft?.change({ changes: withCustomChange(draft.value.changes, ticket, field.id, to) });
  };
  const wide = field.type === 'longText' || (typeof value === 'string' && value.length > 24);
  return (
    <div className={wide ? 'fd wide' : 'fd'}>
      <dt className="el" title={field.name}>
        {field.name}
        {field.required && field.removedAt === null && (
          <span className="need" title={t('custom.required')}>
            *<span className="sr">{t('custom.required')}</span>
          </span>
        )}
      </dt>
      <dd>
        {draft === null ? (
          <>
            <span className="el" title={said}>
              {said === '' ? '—' : said}
            </span>
            {field.removedAt !== null && <span className="tag">{t('custom.retired')}</span>}
          </>
        ) : editing ? (
          <CustomFieldInput field={field} value={value} inPlace missing={missing} onChange={set} onLeave={() => setEditing(false)} />
        ) : field.type === 'yesNo' ? (
          <CustomFieldInput field={field} value={value} missing={missing} onChange={set} />
        ) : (
          <button
            type="button"
            className={`edit el${change === null ? '' : ' changed'}${missing ? ' missing' : ''}`}
            title={
              change === null
                ? t('panel.edit', { field: field.name })
                : `${words(field.id, before) || t('common.empty')} → ${said || t('common.empty')} · ${t('panel.willChange')}`
            }
            aria-label={`${t('panel.edit', { field: field.name })} ${said}`}
            data-testid={`field-custom-${field.id}`}
            onClick={() => setEditing(true)}
          >
            {said === '' ? <span className={missing ? 'danger' : 't3'}>{t('custom.unset')}</span> : said}
          </button>
        )}
        {draft !== null && change !== null && (
          <button
            type="button"
            className="revert t3"
            title={t('panel.revert', { value: words(field.id, before) || t('common.empty') })}
            onClick={() => {
              setEditing(false);
              set(before);
            }}
          >
            ↩<span className="sr">{t('panel.revert', { value: words(field.id, before) || t('common.empty') })}</span>
          </button>
        )}
      </dd>
    </div>
  );
}
