import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { CustomField } from '../../../shared/domain/custom-fields.ts';
import type { Condition, personFields, textFields, timeFields } from '../../../shared/domain/filter/filter.ts';
import { natures, priorities, sources, ticketStatuses } from '../../../shared/domain/tickets.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Segments } from '../../ui/segments.tsx';
import { type Choice, ChoiceEditor } from './choice-editor.tsx';
import type { FilterField } from './filter-fields.ts';
import { DayEditor, NumberEditor, TextEditor, TimeEditor } from './range-editors.tsx';

export interface ConditionEditorProps {
  readonly field: FilterField;
  readonly condition: Condition | null;
  /** null: no condition. */
  onChange(condition: Condition | null): void;
  onDone(): void;
}

type Of<F extends Condition['field']> = Extract<Condition, { field: F }>;
type PersonCondition = Of<(typeof personFields)[number]>;
type TextCondition = Of<(typeof textFields)[number]>;
type TimeCondition = Of<(typeof timeFields)[number]>;
type FlagCondition = Of<'invalid'> | Of<'callback'>;

/** The editor that fits a field. */
export function ConditionEditor({ field, condition, onChange, onDone }: ConditionEditorProps): ReactElement {
  const { t } = useTranslation();
  const directory = useQuery('directory.list', {}).value;
  const ofWords = field.field === 'category' || field.field === 'tier';
  const words = useQuery('directory.words', ofWords ? {} : null).value;
  const now = <F extends Condition['field']>(): Of<F> | null => condition as Of<F> | null;
  const many = <V extends string | null>(
    choices: readonly Choice<V>[],
    chosen: readonly V[],
    make: (any: V[]) => Condition,
  ): ReactElement => (
    <ChoiceEditor label={field.name} choices={choices} chosen={chosen} onChange={(any) => onChange(any.length === 0 ? null : make(any))} />
  );
  const names = (known: readonly string[], chosen: readonly string[], make: (any: string[]) => Condition): ReactElement =>
    many(
      ['', ...new Set([...known, ...chosen])]
        .filter((x, i, all) => all.indexOf(x) === i)
        .map((x) => ({ value: x, label: x === '' ? t('filter.noValue') : x })),
      chosen,
      make,
    );
  const f = field.field;
  switch (f) {
    case 'status':
      return many(
        ticketStatuses.map((value) => ({ value, label: t(`status.${value}`) })),
        now<'status'>()?.any ?? [],
        (any) => ({ field: f, any }),
      );
    case 'priority':
      return many(
        priorities.map((value) => ({ value, label: t(`priority.${value}`) })),
        now<'priority'>()?.any ?? [],
        (any) => ({ field: f, any }),
      );
    case 'nature':
      return many(
        natures.map((value) => ({ value, label: t(`nature.${value}`) })),
        now<'nature'>()?.any ?? [],
        (any) => ({ field: f, any }),
      );
    case 'source':
      return many(
        sources.map((value) => ({ value, label: t(`source.${value}`) })),
        now<'source'>()?.any ?? [],
        (any) => ({ field: f, any }),
      );
    case 'category':
      return names(words?.categories ?? [], now<'category'>()?.any ?? [], (any) => ({ field: f, any }));
    case 'tier':
      return names(words?.tiers ?? [], now<'tier'>()?.any ?? [], (any) => ({ field: f, any }));
    case 'groupId':
      return many(
        (directory?.groups ?? []).map((g) => ({ value: g.id, label: g.name })),
        now<'groupId'>()?.any ?? [],
        (any) => ({ field: f, any }),
      );
    case 'assigneeId':
    case 'createdBy':
    case 'ownerId': {
      const people = (directory?.accounts ?? []).map((a): Choice<string | null> => ({
        value: a.id,
        label: a.name,
        aside: <span className="t3">{a.staffNo}</span>,
      }));
      return many<string | null>(
        [{ value: 'me', label: t('filter.me') }, { value: null, label: t('filter.nobody') }, ...people],
        (condition as PersonCondition | null)?.any ?? [],
        (any) => ({ field: f, any }),
      );
    }
    case 'subject':
    case 'description':
    case 'customer':
    case 'phone':
    case 'email':
    case 'address':
    case 'history':
      return (
        <TextEditor
          label={`${field.name} ${t('filter.contains')}`}
          value={(condition as TextCondition | null)?.contains ?? ''}
          digits={f === 'phone'}
          onChange={(contains) => onChange(contains === '' ? null : { field: f, contains })}
          onDone={onDone}
        />
      );
    case 'number':
      return (
        <NumberEditor
          whole
          from={now<'number'>()?.from ?? null}
          to={now<'number'>()?.to ?? null}
          onChange={(from, to) => onChange(from === null && to === null ? null : { field: f, from, to })}
        />
      );
    case 'createdAt':
    case 'updatedAt':
    case 'dueAt':
    case 'nextAt':
    case 'resolvedAt':
    case 'callbackAt':
      return (
        <TimeEditor
          field={f}
          at={(condition as TimeCondition | null)?.at ?? null}
          onChange={(at) => onChange(at === null ? null : { field: f, at })}
        />
      );
    case 'invalid':
    case 'callback':
      return (
        <YesNo
          label={field.name}
          value={(condition as FlagCondition | null)?.is ?? null}
          onChange={(is) => onChange(is === null ? null : { field: f, is })}
        />
      );
    case 'custom':
      return field.custom === null ? (
        <p className="t3">{t('filter.nothing')}</p>
      ) : (
        <CustomEditor definition={field.custom} condition={now<'custom'>()} onChange={onChange} onDone={onDone} />
      );
    default:
      return assertNever(f);
  }
}

interface YesNoProps {
  readonly label: string;
  readonly value: boolean | null;
  onChange(value: boolean | null): void;
}

function YesNo({ label, value, onChange }: YesNoProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Segments
      label={label}
      value={value === null ? 'any' : value ? 'yes' : 'no'}
      onChange={(v) => onChange(v === 'any' ? null : v === 'yes')}
      options={[
        { value: 'any', label: t('common.all'), testId: 'filter-any' },
        { value: 'yes', label: t('filter.yes'), testId: 'filter-yes' },
        { value: 'no', label: t('filter.no'), testId: 'filter-no' },
      ]}
    />
  );
}

type Test = Of<'custom'>['test'];

interface CustomEditorProps {
  readonly definition: CustomField;
  readonly condition: Of<'custom'> | null;
  onChange(condition: Condition | null): void;
  onDone(): void;
}

function CustomEditor({ definition, condition, onChange, onDone }: CustomEditorProps): ReactElement {
  const { t } = useTranslation();
  const test = condition?.test ?? null;
  const set = (next: Test | null): void => onChange(next === null ? null : { field: 'custom', key: definition.id, test: next });
  const editor = (): ReactElement => {
    switch (definition.type) {
      case 'text':
      case 'longText':
      case 'phone':
        return (
          <TextEditor
            label={`${definition.name} ${t('filter.contains')}`}
            value={test?.op === 'contains' ? test.text : ''}
            digits={definition.type === 'phone'}
            onChange={(text) => set(text === '' ? null : { op: 'contains', text })}
            onDone={onDone}
          />
        );
      case 'number': {
        const range = test?.op === 'number' ? test : { from: null, to: null };
        return (
          <NumberEditor
            whole={false}
            from={range.from}
            to={range.to}
            onChange={(from, to) => set(from === null && to === null ? null : { op: 'number', from, to })}
          />
        );
      }
      case 'date': {
        const range = test?.op === 'date' ? test : { from: null, to: null };
        return (
          <DayEditor
            from={range.from ?? ''}
            to={range.to ?? ''}
            onChange={(from, to) =>
              set(from === '' && to === '' ? null : { op: 'date', from: from === '' ? null : from, to: to === '' ? null : to })
            }
          />
        );
      }
      case 'single':
      case 'multiple': {
        const chosen = test?.op === 'any' ? test.values : [];
        const options = [...new Set([...definition.options, ...chosen])];
        return (
          <ChoiceEditor
            label={definition.name}
            choices={options.map((value) => ({ value, label: value }))}
            chosen={chosen}
            onChange={(values) => set(values.length === 0 ? null : { op: 'any', values })}
          />
        );
      }
      case 'yesNo':
        return (
          <YesNo
            label={definition.name}
            value={test?.op === 'is' ? test.value : null}
            onChange={(value) => set(value === null ? null : { op: 'is', value })}
          />
        );
    }
  };
  return (
    <>
      {test?.op !== 'empty' && editor()}
      <label className="check">
        <input
          type="checkbox"
          checked={test?.op === 'empty'}
          data-testid="filter-empty"
          onChange={(e) => set(e.target.checked ? { op: 'empty' } : null)}
        />
        {t('filter.empty')}
      </label>
    </>
  );
}
