import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Account } from '../../shared/domain/people.ts';
import type { Id } from '../../shared/lib/ids.ts';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { toAccount } from '../store/rows.ts';
import { account, accountSeen, staffGroup } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { endSessions } from './end-sessions.ts';
import { moveTickets } from './move-tickets.ts';
import { newPassword } from './passwords.ts';
import { NotPossible } from './refusals.ts';
import { carryOut, type OfficeDeps, publicChange, type Work } from './work.ts';

export async function listPeople({ store }: OfficeDeps): Promise<OperationOutput<'staff.list'>> {
  const open = await rowsOf<{ id: string; n: number | string }>(
    store.orm,
    sql`SELECT assignee_id AS id, count(*) AS n FROM ticket
        WHERE assignee_id IS NOT NULL AND deleted_at IS NULL AND status IN ('pending','processing','waiting') GROUP BY assignee_id`,
  );
  const counts = new Map(open.map((row) => [row.id, Number(row.n)]));
  const seen = new Map((await store.orm.select().from(accountSeen)).map((row) => [row.accountId, row.at]));
  const rows = (await store.orm.select().from(account).orderBy(asc(account.staffNo))).map(toAccount);
  return {
    people: rows.map((a) => ({
      ...a,
      groupIds: [...a.groupIds],
      openTickets: counts.get(a.id) ?? 0,
      lastSeenAt: seen.get(a.id) ?? null,
    })),
  };
}

export async function addPerson(deps: OfficeDeps, by: Holder, input: OperationInput<'staff.add'>): Promise<OperationOutput<'staff.add'>> {
  const password = newPassword();
  const passwordHash = await deps.hasher.hash(password);
  const made = await carryOut(deps, 'staff.add', by, {}, async ({ tx, changed }) => {
    await checkGroups(tx, input.groupIds, input.priorityGroupId);
    const groupIds = [...new Set(input.groupIds)];
    const row = { ...input, id: deps.ids(), groupIds, disabled: false, passwordHash };
    // The index decides between two at once.
    const [stored] = await tx.insert(account).values(row).onConflictDoNothing().returning();
    if (stored === undefined) throw new NotPossible('staff-no-taken');
    changed.push(publicChange('account', stored.id));
    return { value: toAccount(stored), detail: `${stored.id} ${stored.role}` };
  });
  return { account: copy(made), password };
}

export async function changePerson(
  deps: OfficeDeps,
  by: Holder,
  { id, ...input }: OperationInput<'staff.change'>,
): Promise<OperationOutput<'staff.change'>> {
  const changed = await carryOut(deps, 'staff.change', by, { accounts: [id], admins: true }, async (w) => {
    const was = known(w, id);
    if (was.role === 'admin' && input.role !== undefined && input.role !== 'admin') keepAnAdmin(w, was);
    const groupIds = [...new Set(input.groupIds ?? was.groupIds)];
    const kept = groupIds.includes(was.priorityGroupId) ? was.priorityGroupId : groupIds[0]!;
    const priorityGroupId = input.priorityGroupId ?? kept;
    if (input.groupIds !== undefined || input.priorityGroupId !== undefined) await checkGroups(w.tx, groupIds, priorityGroupId);
    const set = {
      groupIds,
      priorityGroupId,
      ...(input.name !== undefined && { name: input.name }),
      ...(input.role !== undefined && { role: input.role }),
    };
    return { value: await save(w, id, set), detail: `${id} ${Object.keys(input).join(',')}${input.role ? ` ${input.role}` : ''}` };
  });
  await deps.checkSessions();
  return { account: copy(changed) };
}

export async function resetPassword(
  deps: OfficeDeps,
  by: Holder,
  { id }: OperationInput<'staff.resetPassword'>,
): Promise<OperationOutput<'staff.resetPassword'>> {
  const password = newPassword();
  const passwordHash = await deps.hasher.hash(password);
  await carryOut(deps, 'staff.resetPassword', by, { accounts: [id] }, async (w) => {
    known(w, id);
    await w.tx.update(account).set({ passwordHash }).where(eq(account.id, id));
    await endSessions(w.tx, id, w.now);
    return { value: null, detail: id };
  });
  await deps.checkSessions();
  return { password };
}

export async function disablePerson(
  deps: OfficeDeps,
  by: Holder,
  { id, tickets }: OperationInput<'staff.disable'>,
): Promise<OperationOutput<'staff.disable'>> {
  if (id === by.account.id) throw new NotPossible('self');
  const heir = tickets.what === 'to' ? tickets.accountId : null;
  const held = { accounts: heir === null ? [id] : [id, heir], admins: true };
  const done = await carryOut(deps, 'staff.disable', by, held, async (w) => {
    const was = known(w, id);
    if (was.role === 'admin') keepAnAdmin(w, was);
    if (heir !== null) {
      const to = w.people.get(heir);
      if (to === undefined) throw new NotPossible('target-missing');
      if (to.disabled || heir === id) throw new NotPossible('target-disabled');
    }
    const moved = tickets.what === 'keep' ? 0 : await moveTickets(deps, w, id, heir);
    const value = { account: copy(await save(w, id, { disabled: true })), moved };
    return { value, detail: `${id} tickets=${tickets.what} moved=${moved}` };
  });
  await deps.checkSessions();
  return done;
}

export async function enablePerson(
  deps: OfficeDeps,
  by: Holder,
  { id }: OperationInput<'staff.enable'>,
): Promise<OperationOutput<'staff.enable'>> {
  const enabled = await carryOut(deps, 'staff.enable', by, { accounts: [id] }, async (w) => {
    known(w, id);
    return { value: await save(w, id, { disabled: false }), detail: id };
  });
  return { account: copy(enabled) };
}

function known(w: Work, id: Id): Account {
  const found = w.people.get(id);
  if (found === undefined) throw new NotPossible('not-found');
  return found;
}

function keepAnAdmin(w: Work, was: Account): void {
  const others = [...w.people.values()].filter((a) => a.role === 'admin' && !a.disabled && a.id !== was.id);
  if (!was.disabled && others.length === 0) throw new NotPossible('last-admin');
}

async function save(w: Work, id: Id, set: Partial<typeof account.$inferInsert>): Promise<Account> {
  const [row] = await w.tx.update(account).set(set).where(eq(account.id, id)).returning();
  w.changed.push(publicChange('account', id));
  return toAccount(row!);
}

/** Every group is there, and stays until the transaction ends. */
async function checkGroups(tx: Orm, ids: readonly Id[], priority: Id): Promise<void> {
  const wanted = new Set(ids);
  const found = await tx
    .select({ id: staffGroup.id })
    .from(staffGroup)
    .where(inArray(staffGroup.id, [...wanted]))
    .for('share');
  if (found.length !== wanted.size || !wanted.has(priority)) throw new NotPossible('group-missing');
}

const copy = (a: Account): OperationOutput<'staff.add'>['account'] => ({ ...a, groupIds: [...a.groupIds] });
