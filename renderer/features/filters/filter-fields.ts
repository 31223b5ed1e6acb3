import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomField } from '../../../shared/domain/custom-fields.ts';
import type { Condition } from '../../../shared/domain/filter/filter.ts';
import { useQuery } from '../../hooks/use-query.ts';

export type FieldGroup = 'ticket' | 'people' | 'customer' | 'time' | 'custom';
type PlainField = Exclude<Condition['field'], 'custom'>;

export interface FilterField {
  /** As `conditionKey`. */
  readonly key: string;
  readonly field: Condition['field'];
  readonly name: string;
  readonly group: FieldGroup;
  readonly custom: CustomField | null;
}

const groups: readonly (readonly [FieldGroup, readonly PlainField[]])[] = [
  ['ticket', ['status', 'priority', 'category', 'nature', 'source', 'subject', 'description', 'number', 'history', 'invalid', 'callback']],
  ['people', ['assigneeId', 'groupId', 'createdBy', 'ownerId']],
  ['customer', ['customer', 'phone', 'email', 'address', 'tier']],
  ['time', ['nextAt', 'dueAt', 'callbackAt', 'createdAt', 'updatedAt', 'resolvedAt']],
];

/** Everything that a list can be narrowed by, in groups; fields out of use come last. */
export function useFilterFields(): readonly FilterField[] {
  const { t } = useTranslation();
  const custom = useQuery('directory.list', {}).value?.customFields;
  return useMemo(
    () => [
      ...groups.flatMap(([group, fields]) =>
        fields.map((field): FilterField => ({ key: field, field, name: t(`filter.field.${field}`), group, custom: null })),
      ),
      ...(custom ?? []).map((f): FilterField => ({ key: `custom.${f.id}`, field: 'custom', name: f.name, group: 'custom', custom: f })),
    ],
    [t, custom],
  );
}
