import { asc, eq, sql } from 'drizzle-orm';
import { type CustomField, customFieldLimits, fieldsInUse } from '../../shared/domain/custom-fields.ts';
import type { Id } from '../../shared/lib/ids.ts';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { storedField } from '../store/rows.ts';
import { customField } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { NotPossible } from './refusals.ts';
import { carryOut, type OfficeDeps, publicChange } from './work.ts';

/** Definitions are counted and named by one at a time. */
const FIELDS = 7_310_007;

async function holdFields(tx: Orm): Promise<readonly CustomField[]> {
  await rowsOf(tx, sql`SELECT pg_advisory_xact_lock(${FIELDS}::bigint)`);
  return tx.select().from(customField).orderBy(asc(customField.position), asc(customField.id));
}

/** There is room for it among the others in use, under its name. */
function checkRoom(all: readonly CustomField[], id: Id | null, name: string): void {
  const others = fieldsInUse(all).filter((f) => f.id !== id);
  if (others.length >= customFieldLimits.fields) throw new NotPossible('too-many');
  if (others.some((f) => f.name.toLowerCase() === name.toLowerCase())) throw new NotPossible('name-taken');
}

const copy = (f: CustomField): OperationOutput<'fields.put'>['field'] => ({ ...f, options: [...f.options] });

export async function putField(deps: OfficeDeps, by: Holder, input: OperationInput<'fields.put'>): Promise<OperationOutput<'fields.put'>> {
  const field = await carryOut(deps, 'fields.put', by, {}, async ({ tx, changed, now }) => {
    const all = await holdFields(tx);
    const was = all.find((f) => f.id === input.id);
    if (input.id !== null && was === undefined) throw new NotPossible('not-found');
    if (was !== undefined && was.type !== input.type) throw new NotPossible('type-fixed');
    if (was === undefined || was.removedAt === null) checkRoom(all, input.id, input.name);
    const chooses = input.type === 'single' || input.type === 'multiple';
    if (chooses && input.options.length === 0) throw new NotPossible('options-missing');
    const value: CustomField = {
      id: was?.id ?? deps.ids(),
      name: input.name,
      type: input.type,
      options: chooses ? [...new Set(input.options)] : [],
      required: input.required,
      position: was?.position ?? Math.max(0, ...all.map((f) => f.position)) + 1,
      removedAt: was?.removedAt ?? null,
      updatedAt: now,
    };
    const row = storedField(value);
    await tx.insert(customField).values(row).onConflictDoUpdate({ target: customField.id, set: row });
    changed.push(publicChange('field', value.id));
    return { value, detail: `${value.id} ${value.type}${value.required ? ' required' : ''}` };
  });
  return { field: copy(field) };
}

export async function retireField(
  deps: OfficeDeps,
  by: Holder,
  { id, retired }: OperationInput<'fields.retire'>,
): Promise<OperationOutput<'fields.retire'>> {
  const field = await carryOut(deps, 'fields.retire', by, {}, async ({ tx, changed, now }) => {
    const all = await holdFields(tx);
    const was = all.find((f) => f.id === id);
    if (was === undefined) throw new NotPossible('not-found');
    if ((was.removedAt !== null) === retired) return { value: was, detail: `${id} unchanged` };
    if (!retired) checkRoom(all, id, was.name);
    const value: CustomField = { ...was, removedAt: retired ? now : null, updatedAt: now };
    await tx.update(customField).set(storedField(value)).where(eq(customField.id, id));
    changed.push(publicChange('field', id));
    return { value, detail: `${id} retired=${retired}` };
  });
  return { field: copy(field) };
}

/** Those named come first, in this order; the others follow as they were. */
export async function orderFields(deps: OfficeDeps, by: Holder, { ids }: OperationInput<'fields.order'>): Promise<object> {
  await carryOut(deps, 'fields.order', by, {}, async ({ tx, changed }) => {
    const all = await holdFields(tx);
    const named = [...new Set(ids)];
    if (named.some((id) => !all.some((f) => f.id === id))) throw new NotPossible('not-found');
    const order = [...named, ...all.filter((f) => !named.includes(f.id)).map((f) => f.id)];
    for (const [i, id] of order.entries()) {
      if (all.find((f) => f.id === id)!.position === i + 1) continue;
      await tx
        .update(customField)
        .set({ position: i + 1 })
        .where(eq(customField.id, id));
      changed.push(publicChange('field', id));
    }
    return { value: null, detail: `${named.length}` };
  });
  return {};
}
