import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { type Condition, conditionKey, type TimeRange } from '../../../shared/domain/filter/filter.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useFilterFields } from './filter-fields.ts';

export interface ConditionWords {
  readonly field: string;
  readonly value: string;
}

/** So many values are named, the rest are counted. */
const NAMED = 3;
/** YYYY-MM-DD, in the zone that this computer is in now. */
export const dayText = (at: number): string =>
  new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/** A condition as its chip says it. */
export function useConditionWords(): (condition: Condition) => ConditionWords {
  const { t } = useTranslation();
  const directory = useQuery('directory.list', {}).value;
  const fields = useFilterFields();
  return useMemo(() => {
    const some = (values: readonly string[]): string => {
      const named = values
        .slice(0, NAMED)
        .map((v) => (v === '' ? t('filter.noValue') : v))
        .join(t('filter.or'));
      return values.length > NAMED ? `${named} ${t('filter.more', { n: values.length })}` : named;
    };
    const range = (from: string | null, to: string | null): string => {
      if (from !== null && to !== null) return from === to ? from : `${from} – ${to}`;
      if (from !== null) return t('filter.since', { day: from });
      return to === null ? '…' : t('filter.until', { day: to });
    };
    const amount = (from: number | null, to: number | null): string => {
      if (from !== null && to !== null) return from === to ? String(from) : `${from} – ${to}`;
      if (from !== null) return t('filter.atLeast', { n: from });
      return to === null ? '…' : t('filter.atMost', { n: to });
    };
    const time = (at: TimeRange): string =>
      'relative' in at
        ? t(`filter.time.${at.relative}`)
        : // The end is exclusive: the day before it is the last one.
          range(at.from === null ? null : dayText(at.from), at.to === null ? null : dayText(at.to - 1));
    const person = (id: string | null): string =>
      id === null
        ? t('filter.nobody')
        : id === 'me'
          ? t('filter.me')
          : (directory?.accounts.find((a) => a.id === id)?.name ?? t('refusal.unknownPerson'));
    const value = (c: Condition): string => {
      switch (c.field) {
        case 'status':
          return some(c.any.map((v) => t(`status.${v}`)));
        case 'priority':
          return some(c.any.map((v) => t(`priority.${v}`)));
        case 'nature':
          return some(c.any.map((v) => t(`nature.${v}`)));
        case 'source':
          return some(c.any.map((v) => t(`source.${v}`)));
        case 'category':
        case 'tier':
          return some(c.any);
        case 'groupId':
          return some(c.any.map((id) => directory?.groups.find((g) => g.id === id)?.name ?? t('refusal.unknownPerson')));
        case 'assigneeId':
        case 'createdBy':
        case 'ownerId':
          return some(c.any.map((id) => person(id)));
        case 'subject':
        case 'description':
        case 'customer':
        case 'phone':
        case 'email':
        case 'address':
        case 'history':
          return `${t('filter.contains')} “${c.contains}”`;
        case 'number':
          return amount(c.from, c.to);
        case 'createdAt':
        case 'updatedAt':
        case 'dueAt':
        case 'nextAt':
        case 'resolvedAt':
        case 'callbackAt':
          return time(c.at);
        case 'invalid':
        case 'callback':
          return t(c.is ? 'filter.yes' : 'filter.no');
        case 'custom':
          switch (c.test.op) {
            case 'contains':
              return `${t('filter.contains')} “${c.test.text}”`;
            case 'any':
              return some(c.test.values);
            case 'number':
              return amount(c.test.from, c.test.to);
            case 'date':
              return range(c.test.from, c.test.to);
            case 'is':
              return t(c.test.value ? 'filter.yes' : 'filter.no');
            case 'empty':
              return t('filter.empty');
            default:
              return assertNever(c.test);
          }
        default:
          return assertNever(c);
      }
    };
    return (c) => ({
      field: fields.find((f) => f.key === conditionKey(c))?.name ?? t('filter.field.custom'),
      value: value(c),
    });
  }, [t, directory, fields]);
}
