import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from './use-query.ts';

/** A custom value for the eye; '' for none. */
export function useCustomWords(): (fieldId: string, value: unknown) => string {
  const { t } = useTranslation();
  const fields = useQuery('directory.list', {}).value?.customFields;
  return useCallback(
    (fieldId, value) => {
      if (value === null || value === undefined || value === '') return '';
      if (Array.isArray(value)) return value.join(t('filter.or'));
      if (typeof value === 'boolean') return t(value ? 'custom.yes' : 'custom.no');
      const type = fields?.find((f) => f.id === fieldId)?.type;
      return type === 'number' && typeof value === 'number' ? value.toLocaleString() : String(value);
    },
    [t, fields],
  );
}
