import { type ExportField, exportFields } from '../../../shared/protocol/operations.ts';
import type { DraftShape } from '../../hooks/use-draft.ts';

type CustomKey = `custom.${string}`;
export type FieldKey = ExportField | CustomKey;

export interface Choice {
  readonly fields: readonly string[];
}

export interface FieldGroup {
  readonly id: 'ticket' | 'customer' | 'time' | 'custom';
  readonly keys: readonly FieldKey[];
}

const customerFields: readonly ExportField[] = ['customer', 'phones', 'emails', 'address', 'tier'];
const timeFields: readonly ExportField[] = ['createdAt', 'updatedAt', 'dueAt', 'resolvedAt', 'callbackAt'];
const usual: readonly ExportField[] = [
  'number',
  'subject',
  'status',
  'priority',
  'category',
  'customer',
  'phones',
  'assignee',
  'group',
  'createdAt',
  'dueAt',
];

export const isCustomKey = (key: FieldKey): key is CustomKey => key.startsWith('custom.');

/** All that can be exported, in the order of the columns of the file. */
export function fieldGroups(customIds: readonly string[]): readonly FieldGroup[] {
  const rest = exportFields.filter((f) => !customerFields.includes(f) && !timeFields.includes(f));
  const groups: FieldGroup[] = [
    { id: 'ticket', keys: rest },
    { id: 'customer', keys: customerFields },
    { id: 'time', keys: timeFields },
    { id: 'custom', keys: customIds.map((id): CustomKey => `custom.${id}`) },
  ];
  return groups.filter((g) => g.keys.length > 0);
}

/** Which fields were chosen last. Never empty on disk in the sense of a draft: no choice is a choice too. */
export const exportChoice: DraftShape<Choice> = {
  empty: { fields: usual },
  isEmpty: () => false,
  parse(json) {
    try {
      const v = JSON.parse(json) as Partial<Choice> | null;
      return v !== null && Array.isArray(v.fields) ? { fields: v.fields.filter((f) => typeof f === 'string') } : null;
    } catch {
      return null;
    }
  },
};
