import type { Id } from '../lib/ids.ts';
import type { CustomValue } from './tickets.ts';

export const customFieldTypes = ['text', 'longText', 'number', 'date', 'single', 'multiple', 'phone', 'yesNo'] as const;
export type CustomFieldType = (typeof customFieldTypes)[number];

/** 自定义字段: the definition. Values lie in `Ticket.custom` under `id`. */
export interface CustomField {
  readonly id: Id;
  readonly name: string;
  /** Never changes: a field of another type is another field. */
  readonly type: CustomFieldType;
  /** Choices of `single` and `multiple`, in order; empty for the others. */
  readonly options: readonly string[];
  /** Has to be filled in before a ticket can be completed. */
  readonly required: boolean;
  /** Ascending on every form. */
  readonly position: number;
  /** When it was taken out of use: old values stay readable, no form offers it. */
  readonly removedAt: number | null;
  readonly updatedAt: number;
}

/** Most definitions in use at once, and choices of one of them. */
export const customFieldLimits = { fields: 40, name: 40, options: 50, option: 60, text: 200, longText: 4000 } as const;

export const isEmptyValue = (value: CustomValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Definitions in use, in their order. */
export const fieldsInUse = (fields: readonly CustomField[]): readonly CustomField[] =>
  fields.filter((f) => f.removedAt === null).toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const PHONE = /^\+?[\d\s()-]{3,24}$/;

/** Whether a value fits its field; an empty one always does. Dates are `YYYY-MM-DD`. */
export function fitsField(field: CustomField, value: CustomValue): boolean {
  if (isEmptyValue(value)) return true;
  switch (field.type) {
    case 'text':
      return typeof value === 'string' && value.length <= customFieldLimits.text;
    case 'longText':
      return typeof value === 'string' && value.length <= customFieldLimits.longText;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'date':
      return typeof value === 'string' && DATE.test(value) && !Number.isNaN(Date.parse(value));
    case 'single':
      return typeof value === 'string' && field.options.includes(value);
    case 'multiple':
      return Array.isArray(value) && (value as readonly string[]).every((v) => field.options.includes(v));
    case 'phone':
      return typeof value === 'string' && PHONE.test(value);
    case 'yesNo':
      return typeof value === 'boolean';
  }
}

/**
 * Custom values that a command of `occurredAt` may not set. A definition that changed after the command was given is not
 * held against it: what an agent typed offline under the old definition is kept as it is.
 * @returns ids of the fields that do not fit
 */
export function misfits(
  fields: readonly CustomField[],
  values: Readonly<Record<string, CustomValue>>,
  occurredAt: number,
): readonly string[] {
  const known = new Map(fields.map((f) => [f.id, f]));
  return Object.keys(values).filter((id) => {
    const field = known.get(id);
    if (field === undefined) return true;
    if (field.updatedAt > occurredAt) return false;
    return field.removedAt !== null || !fitsField(field, values[id] ?? null);
  });
}

/** Required fields without a value, as they were required when the command was given. @returns their ids */
export const missingFields = (
  fields: readonly CustomField[],
  values: Readonly<Record<string, CustomValue>>,
  occurredAt: number,
): readonly string[] =>
  fieldsInUse(fields)
    .filter((f) => f.required && f.updatedAt <= occurredAt && isEmptyValue(values[f.id]))
    .map((f) => f.id);
