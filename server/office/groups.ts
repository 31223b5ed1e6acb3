import { and, eq, ne, sql } from 'drizzle-orm';
import type { Id } from '../../shared/lib/ids.ts';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { account, customer, staffGroup, ticket } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { NotPossible } from './refusals.ts';
import { carryOut, type OfficeDeps, publicChange } from './work.ts';

/** Names are compared by one at a time. */
const GROUPS = 7_310_006;

export async function addGroup(
  deps: OfficeDeps,
  by: Holder,
  { name }: OperationInput<'groups.add'>,
): Promise<OperationOutput<'groups.add'>> {
  const group = await carryOut(deps, 'groups.add', by, {}, async ({ tx, changed }) => {
    await checkName(tx, name, null);
    const value = { id: deps.ids(), name };
    await tx.insert(staffGroup).values(value);
    changed.push(publicChange('group', value.id));
    return { value, detail: value.id };
  });
  return { group };
}

export async function renameGroup(
  deps: OfficeDeps,
  by: Holder,
  { id, name }: OperationInput<'groups.rename'>,
): Promise<OperationOutput<'groups.rename'>> {
  const group = await carryOut(deps, 'groups.rename', by, {}, async ({ tx, changed }) => {
    await checkName(tx, name, id);
    const [value] = await tx.update(staffGroup).set({ name }).where(eq(staffGroup.id, id)).returning();
    if (value === undefined) throw new NotPossible('not-found');
    changed.push(publicChange('group', id));
    return { value, detail: id };
  });
  return { group };
}

/** Only one that nobody is in and nothing lies in. */
export async function removeGroup(deps: OfficeDeps, by: Holder, { id }: OperationInput<'groups.remove'>): Promise<object> {
  await carryOut(deps, 'groups.remove', by, {}, async ({ tx, changed }) => {
    // Whoever puts something into it holds it: after this nobody does.
    const [found] = await tx.select().from(staffGroup).where(eq(staffGroup.id, id)).for('update');
    if (found === undefined) throw new NotPossible('not-found');
    const inUse =
      (await tx.$count(account, sql`${id} = ANY(${account.groupIds})`)) > 0 ||
      (await tx.$count(ticket, eq(ticket.groupId, id))) > 0 ||
      (await tx.$count(customer, eq(customer.groupId, id))) > 0;
    if (inUse) throw new NotPossible('group-in-use');
    await tx.delete(staffGroup).where(eq(staffGroup.id, id));
    changed.push(publicChange('group', id));
    return { value: null, detail: id };
  });
  return {};
}

async function checkName(tx: Orm, name: string, own: Id | null): Promise<void> {
  await rowsOf(tx, sql`SELECT pg_advisory_xact_lock(${GROUPS}::bigint)`);
  const same = sql`lower(${staffGroup.name}) = lower(${name})`;
  if ((await tx.$count(staffGroup, own === null ? same : and(same, ne(staffGroup.id, own)))) > 0) throw new NotPossible('name-taken');
}
