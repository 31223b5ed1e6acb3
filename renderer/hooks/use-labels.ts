import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { callbackOutcomes, natures, priorities, ticketStatuses } from '../../shared/domain/tickets.ts';
import { zhCN } from '../i18n/zh-CN.ts';
import { useCustomWords } from './use-custom-words.ts';
import { useFormat } from './use-format.ts';
import { useQuery } from './use-query.ts';

interface Labels {
  /** Of a command in 操作记录. */
  command(kind: string): string;
  /** Of a field by its name in an event or a conflict. */
  field(name: string): string;
  /** Of a field's value, ready for the eye. */
  value(name: string, value: unknown): string;
}

type EventKey = Exclude<keyof typeof zhCN.event, 'field'>;
type FieldKey = keyof typeof zhCN.event.field;

const isEvent = (kind: string): kind is EventKey => kind !== 'field' && Object.hasOwn(zhCN.event, kind);
const isField = (name: string): name is FieldKey => Object.hasOwn(zhCN.event.field, name);

export function useLabels(): Labels {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useCustomWords();
  const fields = useQuery('directory.list', {}).value?.customFields;
  return useMemo(() => {
    const value = (name: string, v: unknown): string => {
      if (v === null || v === undefined || v === '') return t('common.empty');
      const is = <T extends string>(of: readonly T[]): T | undefined => of.find((x) => x === v);
      const status = name === 'status' ? is(ticketStatuses) : undefined;
      if (status !== undefined) return t(`status.${status}`);
      const priority = name === 'priority' ? is(priorities) : undefined;
      if (priority !== undefined) return t(`priority.${priority}`);
      const nature = name === 'nature' ? is(natures) : undefined;
      if (nature !== undefined) return t(`nature.${nature}`);
      const outcome = name === 'callbackOutcome' ? is(callbackOutcomes) : undefined;
      if (outcome !== undefined) return t(`callback.outcome.${outcome}`);
      if (typeof v === 'number' && (name === 'dueAt' || name === 'callback' || name === 'customer.invalidAt'))
        return format.short(v, Date.now());
      if (name.startsWith('custom.')) return words(name.slice('custom.'.length), v);
      if (typeof v === 'number' && name === 'resolvedAt') return format.short(v, Date.now());
      if (typeof v === 'boolean') return t(v ? 'custom.yes' : 'custom.no');
      return Array.isArray(v) ? v.join(t('filter.or')) : String(v);
    };
    return {
      command: (kind) => t(`event.${isEvent(kind) ? kind : 'other'}`),
      field: (name) => {
        if (isField(name)) return t(`event.field.${name}`);
        const id = name.replace(/^custom\./, '');
        return fields?.find((f) => f.id === id)?.name ?? id;
      },
      value,
    };
  }, [t, format, words, fields]);
}
