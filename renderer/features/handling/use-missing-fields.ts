import { useMemo } from 'react';
import type { CustomField } from '../../../shared/domain/custom-fields.ts';
import { missingFields } from '../../../shared/domain/custom-fields.ts';
import type { FieldChange } from '../../../shared/domain/commands/command.ts';
import type { CustomValue } from '../../../shared/domain/tickets.ts';
import { useQuery } from '../../hooks/use-query.ts';
import type { TicketDetail } from './composer-draft.ts';

/** Required custom fields that would be empty, the edits in the composer counted in. */
export function useMissingFields(ticket: TicketDetail, changes: readonly FieldChange[]): readonly CustomField[] {
  const fields = useQuery('directory.list', {}).value?.customFields;
  return useMemo(() => {
    const values: Record<string, CustomValue> = { ...(ticket.custom as Record<string, CustomValue>) };
    for (const c of changes) if (c.field === 'custom') values[c.key] = c.to;
    const missing = missingFields(fields ?? [], values, Date.now());
    return (fields ?? []).filter((f) => missing.includes(f.id));
  }, [fields, ticket.custom, changes]);
}
