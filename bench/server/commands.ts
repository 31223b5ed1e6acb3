import { v7 } from 'uuid';
import type { Command, CommandArgs, CommandKind } from '../../shared/domain/commands/index.ts';
import { newTicketWords, type Seat } from './world.ts';

const HOUR = 3_600_000;
/** Commands of one round, and the tickets that it needs. */
const ROUND = 10;
const TICKETS = 4;
const NOTE = '客户已接听，约定明天上午十点上门，请提前半小时电话确认。';

/** Tickets that a desk must have for a queue of this length. */
export const ticketsFor = (commands: number): number => Math.max(20, Math.ceil(commands / ROUND) * TICKETS);

const command = <K extends CommandKind>(kind: K, ticketId: string, args: CommandArgs<K>, occurredAt: number): Command =>
  ({ id: v7(), kind, ticketId, args, occurredAt }) as unknown as Command;

/** What an agent does in a morning without a network: notes, edits, callbacks, and now and then a ticket goes to a colleague. */
export function awayCommands(seat: Seat, count: number, now: number): Command[] {
  const out: Command[] = [];
  for (let round = 0; out.length < count; round++) {
    const [a, b, c, d] = seat.tickets.slice(round * TICKETS, (round + 1) * TICKETS) as [string, string, string, string];
    const at = now - HOUR + round;
    const [first, second] = [v7(), v7()];
    const dueAt = now + 24 * HOUR;
    const priority = { field: 'priority' as const, from: newTicketWords.priority, to: 'high' as const };
    out.push(
      command('note', a, { note: NOTE }, at),
      command('update', b, { note: NOTE, changes: [priority], waiting: false }, at),
      command('scheduleCallback', c, { callbackId: first, dueAt, note: '上门前电话确认' }, at),
      command('note', b, { note: NOTE }, at),
      command('completeCallback', c, { callbackId: first, outcome: 'done', note: NOTE }, at),
      command('update', a, { note: NOTE, changes: [], waiting: true }, at),
      command('scheduleCallback', a, { callbackId: second, dueAt, note: '完工后回访' }, at),
      command('note', d, { note: NOTE }, at),
      command('rescheduleCallback', a, { callbackId: second, from: dueAt, dueAt: dueAt + HOUR }, at),
      command('transfer', d, { toId: seat.colleagues[0]!, reason: '客户片区不在我这边，转你跟进' }, at),
    );
  }
  return out.slice(0, count);
}

/** A command, and the accounts besides the agent's own on whose screen its effect belongs. */
export interface Shared {
  readonly command: Command;
  readonly watchers: readonly string[];
}

/** The `n`th thing that an agent does: by turns a note, a new ticket for the group's pool, a note, a ticket for a colleague. */
export function sharedCommand(seat: Seat, n: number, now: number): Shared {
  const { colleagues, groupId, leaderId, tickets } = seat;
  const given = Math.floor(n / 4);
  const note = (): Shared => ({ command: command('note', tickets.at(-1)!, { note: NOTE }, now), watchers: [leaderId] });
  if (n % 4 === 1) {
    const customer = { name: '周砚秋', phones: [`138${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`] };
    const args = { ...newTicketWords, customerId: v7(), customer, groupId, assigneeId: null };
    return { command: command('create', v7(), args, now), watchers: [...colleagues, leaderId] };
  }
  // The last one stays, to be written on.
  if (n % 4 !== 3 || given >= tickets.length - 1) return note();
  const toId = colleagues[0]!;
  return { command: command('transfer', tickets[given]!, { toId, reason: '请跟进' }, now), watchers: [toId, leaderId] };
}
