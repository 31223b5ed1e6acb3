import { type Attachment, attachmentLimits } from '../attachments.ts';
import { type Account, type Actor, isStaff } from '../people.ts';
import { isLeaderOf } from '../permissions.ts';
import { isOpen } from '../ticket-state.ts';
import type { Command } from './command.ts';
import { type Decision, done, type Existing, refuse } from './outcome.ts';

/** Files for a ticket in the own hands, or for one that was just made for somebody else. Its state stays as it is. */
export function attach(state: Existing, command: Extract<Command, { kind: 'attach' }>, actor: Actor, now: number): Decision {
  const { ticket } = state;
  const mine = isStaff(actor) && ticket.assigneeId === actor.id;
  if (!mine && !(isStaff(actor) && justMadeBy(state, actor, now))) return refuse(state, 'not-assignee');
  if (!isOpen(ticket) && ticket.status !== 'released') return refuse(state, 'wrong-state');
  const { files } = command.args;
  const ids = new Set(files.map((f) => f.id));
  if (ids.size < files.length || state.attachments.some((a) => ids.has(a.id))) return refuse(state, 'id-taken');
  const attachments: Attachment[] = files.map((file) => ({
    ...file,
    ticketId: ticket.id,
    eventId: command.id,
    createdBy: actor.id,
    createdAt: now,
    removedAt: null,
  }));
  return done(state, command, actor, now, ticket, '', {
    attachments,
    changes: { attachment: { from: null, to: files.map((f) => f.name).join('、') } },
  });
}

/** Whose file it is, or who leads, may take it away; its line in the history stays. */
export function removeAttachment(
  state: Existing,
  command: Extract<Command, { kind: 'removeAttachment' }>,
  actor: Actor,
  now: number,
): Decision {
  const { ticket } = state;
  const found = state.attachments.find((a) => a.id === command.args.attachmentId);
  const mine = isStaff(actor) && found?.createdBy === actor.id;
  if (!mine && !isLeaderOf(actor, ticket.groupId)) return refuse(state, 'not-allowed');
  if (found === undefined || found.removedAt !== null) return refuse(state, 'file-gone');
  return done(state, command, actor, now, ticket, '', {
    attachments: [{ ...found, removedAt: now }],
    changes: { attachment: { from: found.name, to: null } },
  });
}

/** The files of a new ticket come after it, when it may be in another's hands or in the pool already. */
const justMadeBy = (state: Existing, actor: Account, now: number): boolean =>
  now <= state.ticket.createdAt + attachmentLimits.orphanMs &&
  state.events.some((e) => e.command === 'create' && e.actorId === actor.id && e.changes['assigneeId']?.to !== actor.id);
