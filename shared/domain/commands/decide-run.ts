import type { Actor } from '../people.ts';
import type { CommandArgs, CommandKind } from './command.ts';
import { decide } from './decide.ts';
import { type Changes, commandOf, NOW, world } from './decide-world.ts';
import type { Change } from './state.ts';

// How the tests of the rules ask them; not used by the program.

export function run<K extends CommandKind>(
  kind: K,
  args: CommandArgs<K>,
  actor: Actor,
  changes: Changes = {},
  occurredAt = NOW,
  now = NOW,
) {
  return decide(world(changes), commandOf(kind, args, occurredAt), actor, now);
}
export function done<K extends CommandKind>(kind: K, args: CommandArgs<K>, actor: Actor, changes: Changes = {}, occurredAt = NOW): Change {
  const result = run(kind, args, actor, changes, occurredAt);
  if (!result.ok) throw new Error(`refused: ${result.error.code}`);
  return result.value;
}
export function refusal<K extends CommandKind>(
  kind: K,
  args: CommandArgs<K>,
  actor: Actor,
  changes: Changes = {},
  occurredAt = NOW,
  now = NOW,
): string {
  const result = run(kind, args, actor, changes, occurredAt, now);
  return result.ok ? 'ok' : result.error.code;
}
