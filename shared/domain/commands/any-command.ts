import { z } from 'zod';
import { type Command, ticketEnvelopes } from './command.ts';
import { type RecordCommand, type RecordKind, recordEnvelopes, recordKinds } from './record-command.ts';

/** Whatever may lie in a device's queue and travel to the server. */
export type AnyCommand = Command | RecordCommand;
export type AnyKind = AnyCommand['kind'];

const envelopes = [...ticketEnvelopes, ...recordEnvelopes];

/** Validates one command of any kind. Source: the table in docs/domain of commands and states. */
export const commandSchema = z.discriminatedUnion(
  'kind',
  envelopes as unknown as [(typeof envelopes)[number], ...(typeof envelopes)[number][]],
) as unknown as z.ZodType<AnyCommand>;

export const isRecordKind = (kind: AnyKind): kind is RecordKind => (recordKinds as readonly string[]).includes(kind);

export const isRecordCommand = (command: AnyCommand): command is RecordCommand => isRecordKind(command.kind);

/** The row that a command is about: a ticket, a customer, a saved search, a phrase, an account. */
export const subjectOf = (command: AnyCommand): string => (isRecordCommand(command) ? command.subjectId : command.ticketId);

/**
 * What a command hangs on, its own subject first: if one could not be decided, those after it with a subject in common
 * wait with it.
 */
export function subjectsOf(command: AnyCommand): string[] {
  if (isRecordCommand(command)) return [command.subjectId];
  return command.kind === 'create' || command.kind === 'claimCustomer' ? [command.ticketId, command.args.customerId] : [command.ticketId];
}
