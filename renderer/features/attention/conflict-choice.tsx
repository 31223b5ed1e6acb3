import type { ReactElement, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { conflictField } from '../../../shared/bridge/attention-entries.ts';
import { limits } from '../../../shared/domain/commands/command.ts';
import { type CustomValue, natures, priorities } from '../../../shared/domain/tickets.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useLabels } from '../../hooks/use-labels.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { CustomFieldInput } from '../../ui/custom-field-input.tsx';
import { fromLocalText, localText } from '../handling/callback-form.tsx';

type Conflict = z.infer<typeof conflictField>;
export type Side = 'mine' | 'theirs' | 'own';
/** What was chosen for a field; `value` is what will be sent. */
export interface Chosen {
  readonly side: Side;
  readonly value: unknown;
}

export interface ConflictChoiceProps {
  readonly conflict: Conflict;
  readonly chosen: Chosen | undefined;
  /** When the own change was made. */
  readonly at: number;
  /** Gets the first way to choose. */
  readonly firstRef: Ref<HTMLInputElement>;
  onChoose(chosen: Chosen): void;
}

/** One field with both values, who gave them and when; the agent takes one of them or writes a third. */
export function ConflictChoice({ conflict, chosen, at, firstRef, onChoose }: ConflictChoiceProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const { field, base, mine, theirs, theirsBy, theirsAt } = conflict;
  const words = (value: unknown): string => labels.value(field, value);
  const option = (side: Side, value: unknown, name: string, by: string): ReactElement => (
    <label className={chosen?.side === side ? 'side on' : 'side'} data-testid={`conflict-${field}-${side}`}>
      <input
        type="radio"
        name={`conflict-${field}`}
        ref={side === 'mine' ? firstRef : null}
        checked={chosen?.side === side}
        onChange={() => onChoose({ side, value })}
      />
      <span className="sidehead">
        <b>{name}</b> <span className="t3 meta">{by}</span>
      </span>
      {side !== 'own' && <span className="sidetext">{words(value)}</span>}
    </label>
  );
  const by = theirsAt === null ? t('conflict.byUnknown') : t('conflict.by', { name: theirsBy, time: format.stamp(theirsAt, Date.now()) });
  return (
    <fieldset className="clash" data-testid={`conflict-${field}`}>
      <legend>{labels.field(field)}</legend>
      <div className="sides">
        {option('mine', mine, t('conflict.mine'), t('conflict.me', { time: format.stamp(at, Date.now()) }))}
        {option('theirs', theirs, t('conflict.theirs'), by)}
      </div>
      {field !== 'customer.ownerId' && (
        <div className="third">
          {option('own', chosen?.side === 'own' ? chosen.value : mine, t('conflict.own'), '')}
          {chosen?.side === 'own' && (
            <ValueInput
              field={field}
              name={labels.field(field)}
              value={chosen.value}
              onChange={(value) => onChoose({ side: 'own', value })}
            />
          )}
        </div>
      )}
      <p className="t3 meta">{t('conflict.before', { value: words(base) })}</p>
    </fieldset>
  );
}

interface ValueInputProps {
  readonly field: string;
  readonly name: string;
  readonly value: unknown;
  onChange(value: unknown): void;
}

/** The input that fits a field of a ticket, a customer or a callback. */
function ValueInput({ field, name, value, onChange }: ValueInputProps): ReactElement {
  const { t } = useTranslation();
  const custom = useQuery('directory.list', {}).value?.customFields.find((f) => `custom.${f.id}` === field);
  const common = { 'aria-label': name, autoFocus: true, 'data-testid': `conflict-${field}-input` };
  if (custom !== undefined) return <CustomFieldInput field={custom} value={value as CustomValue} onChange={onChange} />;
  switch (field) {
    case 'priority':
    case 'nature':
      return (
        <select {...common} className="fld" value={String(value)} onChange={(e) => onChange(e.target.value)}>
          {(field === 'priority' ? priorities : natures).map((each) => (
            <option key={each} value={each}>
              {field === 'priority' ? t(`priority.${each as 'high'}`) : t(`nature.${each as 'task'}`)}
            </option>
          ))}
        </select>
      );
    case 'callback':
      return (
        <input
          {...common}
          className="fld"
          type="datetime-local"
          value={localText(Number(value))}
          onChange={(e) => onChange(fromLocalText(e.target.value) ?? value)}
        />
      );
    case 'description':
      return (
        <textarea
          {...common}
          className="fld"
          rows={4}
          maxLength={limits.text}
          value={String(value)}
          onChange={(e) => onChange(e.target.value)}
        />
      );
    case 'customer.phones':
    case 'customer.emails':
      return (
        <input
          {...common}
          className="fld"
          value={(value as readonly string[]).join(t('filter.or'))}
          onChange={(e) => onChange(e.target.value.split(/[、,，;；]\s*/).filter((part) => part !== ''))}
        />
      );
    default:
      return (
        <input
          {...common}
          className="fld"
          maxLength={limits.subject}
          value={String(value ?? '')}
          onChange={(e) => onChange(e.target.value)}
        />
      );
  }
}
