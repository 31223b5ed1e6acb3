import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { columnIds } from './columns.ts';

/** What a column is called; one of a custom field as the field is. */
export function useColumnName(): (id: string) => string {
  const { t } = useTranslation();
  const fields = useQuery('directory.list', {}).value?.customFields;
  return useCallback(
    (id) => {
      if (id.startsWith('custom.')) return fields?.find((f) => `custom.${f.id}` === id)?.name ?? '';
      if (id === 'mark' || id === 'act') return t(`list.column.${id}`);
      const plain = columnIds.find((c) => c === id);
      return plain === undefined ? '' : t(`list.column.${plain}`);
    },
    [t, fields],
  );
}
