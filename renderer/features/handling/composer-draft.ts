import type { z } from 'zod';
import type { ticketDetail } from '../../../shared/bridge/views.ts';
import type { FieldChange } from '../../../shared/domain/commands/command.ts';
import { isEmptyValue } from '../../../shared/domain/custom-fields.ts';
import type { CustomValue } from '../../../shared/domain/tickets.ts';
import type { DraftShape } from '../../hooks/use-draft.ts';

export type TicketDetail = z.infer<typeof ticketDetail>;

export interface ComposerText {
  readonly note: string;
  readonly waiting: boolean;
  /** Edited fields, sent with 更新工单. */
  readonly changes: readonly FieldChange[];
  /** Of a callback being scheduled. */
  readonly callbackNote: string;
}

export const composerDraft: DraftShape<ComposerText> = {
  empty: { note: '', waiting: false, changes: [], callbackNote: '' },
  isEmpty: (value) => value.note === '' && value.changes.length === 0 && value.callbackNote === '',
  parse(text) {
    try {
      const value = JSON.parse(text) as Partial<ComposerText> | null;
      if (value === null || typeof value !== 'object' || typeof value.note !== 'string') return null;
      return {
        note: value.note,
        waiting: value.waiting === true,
        changes: Array.isArray(value.changes) ? value.changes : [],
        callbackNote: typeof value.callbackNote === 'string' ? value.callbackNote : '',
      };
    } catch {
      return null;
    }
  },
};

export const plainFields = ['category', 'priority', 'nature', 'subject'] as const;
export type PlainField = (typeof plainFields)[number];

/** The changes with one field set; back to what the ticket has, it drops out. */
export function withChange(changes: readonly FieldChange[], ticket: TicketDetail, field: PlainField, to: string): FieldChange[] {
  const others = changes.filter((c) => c.field !== field);
  return ticket[field] === to ? others : [...others, { field, from: ticket[field], to } as FieldChange];
}

export const changedTo = (changes: readonly FieldChange[], field: PlainField): string | null => {
  const found = changes.find((c) => c.field === field);
  return found === undefined ? null : String(found.to);
};

type CustomChange = Extract<FieldChange, { field: 'custom' }>;

export const customChange = (changes: readonly FieldChange[], key: string): CustomChange | null =>
  changes.find((c): c is CustomChange => c.field === 'custom' && c.key === key) ?? null;

/** The changes with one custom field set; back to what the ticket has, it drops out. */
export function withCustomChange(changes: readonly FieldChange[], ticket: TicketDetail, key: string, to: CustomValue): FieldChange[] {
  const others = changes.filter((c) => !(c.field === 'custom' && c.key === key));
  const from = (ticket.custom as Readonly<Record<string, CustomValue>>)[key] ?? null;
  const same = JSON.stringify(from) === JSON.stringify(to) || (isEmptyValue(from) && isEmptyValue(to));
  return same ? others : [...others, { field: 'custom', key, from, to } as CustomChange];
}
