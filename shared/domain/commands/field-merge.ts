import { err, ok, type Result } from '../../lib/result.ts';
import type { CustomValue, Ticket } from '../tickets.ts';
import type { FieldChange } from './command.ts';

export interface FieldConflict {
  readonly field: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Applies changed fields to a ticket that others may have edited meanwhile: other fields merge, the same one conflicts (SY7). */
export function mergeFields(ticket: Ticket, changes: readonly FieldChange[]): Result<Ticket, readonly FieldConflict[]> {
  const conflicts: FieldConflict[] = [];
  const custom: Record<string, CustomValue> = { ...ticket.custom };
  const plain: Record<string, unknown> = {};
  for (const change of changes) {
    const theirs = change.field === 'custom' ? (ticket.custom[change.key] ?? null) : ticket[change.field];
    if (!same(theirs, change.from) && !same(theirs, change.to)) {
      const field = change.field === 'custom' ? `custom.${change.key}` : change.field;
      conflicts.push({ field, base: change.from, mine: change.to, theirs });
    } else if (change.field === 'custom') custom[change.key] = change.to;
    else plain[change.field] = change.to;
  }
  return conflicts.length > 0 ? err(conflicts) : ok({ ...ticket, ...plain, custom });
}

/** Derived or technical; a history line about them would be noise. */
const silent = new Set(['version', 'updatedAt', 'nextAt', 'createdAt', 'number']);

/** What differs between two versions of a row, for the event. */
export function changesBetween<T extends object>(before: T, after: T, prefix = ''): Record<string, { from: unknown; to: unknown }> {
  const out: Record<string, { from: unknown; to: unknown }> = {};
  for (const key of Object.keys(after) as (keyof T & string)[]) {
    if (!silent.has(key) && !same(before[key], after[key])) out[prefix + key] = { from: before[key], to: after[key] };
  }
  return out;
}
