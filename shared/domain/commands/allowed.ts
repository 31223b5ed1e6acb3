import type { Account } from '../people.ts';
import { type Command, type CommandKind, commandKinds, creating, serverCommands } from './command.ts';
import { decide } from './decide.ts';
import type { RefusalCode } from './refusal.ts';
import type { DecisionState } from './state.ts';

const NIL = '00000000-0000-7000-8000-000000000000';

/** Refusals that are about an argument and not about the command. */
const aboutArguments: readonly RefusalCode[] = [
  'target-missing',
  'target-self',
  'target-disabled',
  'target-not-in-group',
  'same-assignee',
  'callback-missing',
  'callback-closed',
  'undo-overtaken',
  'file-gone',
  'field-required',
];

/** Commands that the account may give on this ticket now: found by asking the rule itself, so that a button and its effect agree. */
export function allowedCommands(state: DecisionState, actor: Account, now: number): CommandKind[] {
  return commandKinds.filter((kind) => {
    if (creating.includes(kind) || kind === 'undo' || serverCommands.includes(kind)) return false;
    const decision = decide(state, probe(kind, state, now), actor, now);
    return decision.ok || aboutArguments.includes(decision.error.code);
  });
}

function probe(kind: CommandKind, state: DecisionState, now: number): Command {
  const args: Record<string, unknown> = {
    claim: {},
    assign: { toId: NIL, note: '' },
    withdraw: { reason: '' },
    handOver: { toId: NIL, note: '' },
    update: { note: 'x', changes: [], waiting: false },
    note: { note: 'x' },
    resolve: { report: 'x' },
    transfer: { toId: NIL, reason: '' },
    release: { reason: '' },
    invalidate: { reason: 'x' },
    reopen: { reason: 'x' },
    review: { verdict: 'close', note: '' },
    scheduleCallback: { callbackId: NIL, dueAt: now + 60_000, note: '' },
    rescheduleCallback: { callbackId: NIL, from: 0, dueAt: now + 60_000 },
    completeCallback: { callbackId: NIL, outcome: 'done', note: '' },
    cancelCallback: { callbackId: NIL, reason: '' },
    attach: { files: [{ id: NIL, name: 'x', size: 1, sha256: '0'.repeat(64), type: '' }] },
    removeAttachment: { attachmentId: NIL },
  };
  return { id: NIL, kind, ticketId: state.ticket?.id ?? NIL, args: args[kind], occurredAt: now } as Command;
}
