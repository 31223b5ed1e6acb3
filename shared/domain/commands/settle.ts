import { isRecordCommand, type AnyCommand } from './any-command.ts';

/** What the agent chose for one field that others had changed meanwhile (SY7). */
export interface Choice {
  /** As in a refusal: `subject`, `custom.…`, `customer.…`, `callback`. */
  readonly field: string;
  /** The value that stood beside the own one when the agent chose. */
  readonly seen: unknown;
  readonly value: unknown;
}

/** A field of a command with the value that the agent saw first and the one wanted. */
export interface WantedField {
  readonly field: string;
  readonly base: unknown;
  readonly mine: unknown;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const nameOf = (change: { readonly field: string; readonly key?: string }): string =>
  change.field === 'custom' ? `custom.${change.key}` : change.field;

/** The fields that a command changes from what the agent saw; only these can conflict. */
export function wantedFields(command: AnyCommand): readonly WantedField[] {
  if (isRecordCommand(command))
    return command.kind === 'editCustomer'
      ? command.args.changes.map((c) => ({ field: `customer.${c.field}`, base: c.from, mine: c.to }))
      : [];
  if (command.kind === 'update') return command.args.changes.map((c) => ({ field: nameOf(c), base: c.from, mine: c.to }));
  if (command.kind === 'rescheduleCallback') return [{ field: 'callback', base: command.args.from, mine: command.args.dueAt }];
  return [];
}

/**
 * The arguments with which the command goes again after the agent has chosen; not yet validated. null: the other values
 * were chosen everywhere, and nothing else is left of it.
 */
export function settledArgs(command: AnyCommand, choices: readonly Choice[]): unknown {
  const chosen = new Map(choices.map((c) => [c.field, c]));
  const again = <C extends { readonly from: unknown; readonly to: unknown }>(changes: readonly C[], name: (c: C) => string): unknown[] =>
    changes.flatMap((change) => {
      const choice = chosen.get(name(change));
      if (choice === undefined) return [change];
      return same(choice.value, choice.seen) ? [] : [{ ...change, from: choice.seen, to: choice.value }];
    });
  if (isRecordCommand(command)) {
    if (command.kind !== 'editCustomer') return null;
    const changes = again(command.args.changes, (c) => `customer.${c.field}`);
    return changes.length === 0 ? null : { changes };
  }
  if (command.kind === 'update') {
    const changes = again(command.args.changes, nameOf);
    return changes.length === 0 && command.args.note === '' ? null : { ...command.args, changes };
  }
  if (command.kind === 'rescheduleCallback') {
    const choice = chosen.get('callback');
    if (choice === undefined) return command.args;
    return same(choice.value, choice.seen) ? null : { ...command.args, from: choice.seen, dueAt: choice.value };
  }
  return null;
}
