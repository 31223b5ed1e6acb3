import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { maskPhone } from '../../shared/domain/contacts.ts';
import { useQuery } from './use-query.ts';

/** A custom value for the eye; '' for none. Phones are masked where the parameter says so. */
export function useCustomWords(): (fieldId: string, value: unknown) => string {
  const { t } = useTranslation();
  const directory = useQuery('directory.list', {}).value;
  const fields = directory?.customFields;
  const mask = directory?.parameters.maskPhones !== false;
  return useCallback(
    (fieldId, value) => {
      if (value === null || value === undefined || value === '') return '';
      if (Array.isArray(value)) return value.join(t('filter.or'));
      if (typeof value === 'boolean') return t(value ? 'custom.yes' : 'custom.no');
      const type = fields?.find((f) => f.id === fieldId)?.type;
      if (type === 'phone' && mask) return maskPhone(String(value));
      return type === 'number' && typeof value === 'number' ? value.toLocaleString() : String(value);
    },
    [t, fields, mask],
  );
}
