import { and, asc, eq, like, or, sql } from 'drizzle-orm';
import { readTiers } from '../../db/reads/customers.ts';
import { readParameters } from '../../db/reads/decision-state.ts';
import { readDetail, readTransferredDetail } from '../../db/reads/ticket-detail.ts';
import type { ListMoments } from '../../db/reads/list-query.ts';
import { readList } from '../../db/reads/ticket-lists.ts';
import { accounts, customers, customFields, drafts, groups, tickets, unseen } from '../../db/schema/tables.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf, ParsedInputOf } from '../../shared/bridge/define.ts';
import { commandArgs, type Command } from '../../shared/domain/commands/index.ts';
import { maskPhone } from '../../shared/domain/contacts.ts';
import { startOfDay } from '../../shared/domain/reminders/buckets.ts';
import type { CoreContext } from '../context.ts';
import type { Desk } from '../session/desk.ts';
import { isHere, keepText } from '../../db/writes/leaving.ts';
import { type ActResult, giveMany, giveWithFiles } from './give.ts';

type Queries = CoreContract['queries'];
type Calls = CoreContract['calls'];

/** The moments by which lists are cut. */
export function listMoments(ctx: CoreContext): ListMoments {
  const now = ctx.clock.now();
  const zone = ctx.zone();
  return { now, zone, endOfToday: startOfDay(now, zone, 1) };
}

export function listTickets(
  ctx: CoreContext,
  desk: Desk,
  input: ParsedInputOf<Queries['tickets.list']>,
): OutputOf<Queries['tickets.list']> {
  return readList(desk.cache.db, desk.me(), input, listMoments(ctx));
}

export const ticketDetail = (
  ctx: CoreContext,
  desk: Desk,
  input: ParsedInputOf<Queries['tickets.get']>,
): OutputOf<Queries['tickets.get']> =>
  input.transferId === null
    ? readDetail(desk.cache.db, input.ticketId, desk.me(), ctx.clock.now())
    : readTransferredDetail(desk.cache.db, input.transferId, desk.me());

export function actOnTicket(ctx: CoreContext, desk: Desk, input: ParsedInputOf<Calls['tickets.act']>): ActResult {
  const kind = input.kind;
  if (kind === 'create') return { ok: false, refusal: { code: 'bad-arguments' } };
  // Parsed again for its transforms (trimmed texts); the contract has already refused what does not fit.
  const args = commandArgs[kind].parse(input.args);
  const command = { id: ctx.ids(), kind, ticketId: input.ticketId, args, occurredAt: ctx.clock.now() } as Command;
  return giveWithFiles(ctx, desk, command, input.draft);
}

/** The same command on many tickets; those that it cannot be given on are told apart. */
export function actOnMany(
  ctx: CoreContext,
  desk: Desk,
  input: ParsedInputOf<Calls['tickets.actMany']>,
): OutputOf<Calls['tickets.actMany']> {
  const { kind } = input;
  const args = commandArgs[kind].parse(input.args);
  const occurredAt = ctx.clock.now();
  const ticketIds = [...new Set(input.ticketIds)];
  const commands = ticketIds.map((ticketId) => ({ id: ctx.ids(), kind, ticketId, args, occurredAt }) as Command);
  const results = giveMany(ctx, desk, commands);
  const refused = results.flatMap((r, i) => (r.ok ? [] : [{ ticketId: ticketIds[i]!, refusal: r.error }]));
  return { saved: results.length - refused.length, refused };
}

export function createTicket(ctx: CoreContext, desk: Desk, input: ParsedInputOf<Calls['tickets.create']>): ActResult {
  const me = desk.me();
  const { customerId, customer, draft, groupId, assigneeId, custom, ...fields } = input;
  const command: Command = {
    id: ctx.ids(),
    kind: 'create',
    ticketId: ctx.ids(),
    args: {
      ...fields,
      customerId: customerId ?? ctx.ids(),
      ...(customerId === null && customer !== undefined && { customer }),
      ...(custom !== undefined && { custom }),
      groupId: groupId ?? me.priorityGroupId,
      assigneeId: assigneeId === 'pool' ? null : (assigneeId ?? me.id),
    },
    occurredAt: ctx.clock.now(),
  };
  return giveWithFiles(ctx, desk, command, draft);
}

export function markSeen(ctx: CoreContext, desk: Desk, ticketId: string): void {
  const { changes } = desk.cache.transaction((db) => db.delete(unseen).where(eq(unseen.ticketId, ticketId)).run());
  if (changes > 0) ctx.hub.emit(['tickets'], [ticketId]);
}

export function directory(desk: Desk): OutputOf<Queries['directory.list']> {
  const { db } = desk.cache;
  return {
    accounts: db.select().from(accounts).orderBy(asc(accounts.staffNo)).all(),
    groups: db.select().from(groups).orderBy(asc(groups.name)).all(),
    customFields: db
      .select()
      .from(customFields)
      .orderBy(sql`${customFields.removedAt} IS NOT NULL`, asc(customFields.position), asc(customFields.id))
      .all(),
    parameters: readParameters(db),
  };
}

export function wordsInUse({ cache: { db } }: Desk): OutputOf<Queries['directory.words']> {
  const rows = db.selectDistinct({ category: tickets.category }).from(tickets).orderBy(asc(tickets.category)).all();
  return { categories: rows.map((r) => r.category).filter((c) => c !== ''), tiers: readTiers(db) };
}

const FOUND = 20;
const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, (c) => `\\${c}`);

export function findCustomers(desk: Desk, text: string): OutputOf<Queries['customers.find']> {
  const wanted = text.trim();
  if (wanted === '') return [];
  const pattern = `%${escapeLike(wanted)}%`;
  const digits = wanted.replaceAll(/\D/g, '');
  const byPhone = digits.length >= 3 ? sql`${customers.phones} LIKE ${`%${digits}%`}` : undefined;
  return desk.cache.db
    .select()
    .from(customers)
    .where(and(or(like(customers.name, sql`${pattern} ESCAPE '\\'`), byPhone)))
    .orderBy(asc(customers.name), asc(customers.id))
    .limit(FOUND)
    .all()
    .map((c) => ({ id: c.id, name: c.name, phone: maskPhone(c.phones[0] ?? ''), tier: c.tier, address: c.address }));
}

export function saveDraft(ctx: CoreContext, desk: Desk, form: string, value: string): { savedAt: number } {
  const savedAt = ctx.clock.now();
  const known = desk.cache.transaction((db) => {
    // Its ticket left while it was being written.
    if (!isHere(db, form)) return keepText(db, form, value, savedAt);
    const before = db.select({ form: drafts.form }).from(drafts).where(eq(drafts.form, form)).get();
    db.insert(drafts).values({ form, value, savedAt }).onConflictDoUpdate({ target: drafts.form, set: { value, savedAt } }).run();
    return before !== undefined;
  });
  // The lists only show that there is one.
  if (known === 'kept') ctx.hub.emit(['outbox', 'sync']);
  else ctx.hub.emit(known ? ['drafts'] : ['drafts', 'tickets'], [form.replace(/^ticket:/, '')]);
  return { savedAt };
}

export function discardDraft(ctx: CoreContext, desk: Desk, form: string): void {
  desk.cache.transaction((db) => db.delete(drafts).where(eq(drafts.form, form)).run());
  ctx.hub.emit(['drafts', 'tickets'], [form.replace(/^ticket:/, '')]);
}

export const readDraft = (desk: Desk, form: string): OutputOf<Queries['drafts.get']> => {
  const row = desk.cache.db.select().from(drafts).where(eq(drafts.form, form)).get();
  return row === undefined ? null : { value: row.value, savedAt: row.savedAt };
};
