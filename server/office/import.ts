import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import { isLeaderOf } from '../../shared/domain/permissions.ts';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { loadRows } from '../store/load-rows.ts';
import { readParameters } from '../store/parameters.ts';
import { customer, importStaged, staffGroup } from '../store/schema.ts';
import { type Orm, rowsOf, type Store } from '../store/store.ts';
import { maySeeCustomer } from '../sync/load.ts';
import { holdEveryContact } from '../sync/twins.ts';
import { bringIn } from './bring-in.ts';
import { keysOf, recognise, type StagedRow } from './recognise.ts';
import { NotPossible } from './refusals.ts';
import { carryOut, type OfficeDeps } from './work.ts';

/** Rows of one file. */
const MOST_ROWS = 50_000;
const KEEP_MS = 86_400_000;

const staged = (accountId: string, importId: string) => and(eq(importStaged.accountId, accountId), eq(importStaged.importId, importId));

/** Takes rows in, and says what each would be. The same piece sent twice stands there once. */
export async function stageImport(
  deps: OfficeDeps,
  by: Holder,
  { importId, rows }: OperationInput<'import.stage'>,
): Promise<OperationOutput<'import.stage'>> {
  const pieces: StagedRow[] = rows.map((value) => ({ line: value.line, value, keys: keysOf(value) })).toSorted((a, b) => a.line - b.line);
  const lines = new Set(pieces.map((p) => p.line));
  return deps.store.transaction(async (tx) => {
    const mine = staged(by.account.id, importId);
    await tx.delete(importStaged).where(and(mine, inArray(importStaged.line, [...lines])));
    if ((await tx.$count(importStaged, mine)) + lines.size > MOST_ROWS) throw new NotPossible('too-many');
    const unique = [...new Map(pieces.map((p) => [p.line, p])).values()];
    await loadRows(
      tx,
      'import_staged',
      unique.map((p) => ({ accountId: by.account.id, importId, ...p, stagedAt: deps.clock.now() })),
    );
    const earlier = await rowsOf<{ key: string; line: number }>(
      tx,
      sql`SELECT k AS key, min(line) AS line FROM import_staged, unnest(keys) AS k
          WHERE account_id = ${by.account.id} AND import_id = ${importId}
            AND k IN (SELECT jsonb_array_elements_text(${JSON.stringify(unique.flatMap((p) => p.keys))}::jsonb)) GROUP BY k`,
    );
    const found = await recognise(tx, unique, new Map(earlier.map((row) => [row.key, row.line])));
    const troubles = await troublesOf(
      tx,
      by,
      found.flatMap((r) => (r.verdict === 'known' ? [r.customerId!] : [])),
    );
    return {
      verdicts: found.map(({ line, verdict, customerId, value }) => {
        // That it is there already is no obstacle; a ticket for it may be.
        const why = value.subject === '' || customerId === null ? '' : (troubles.get(customerId) ?? '');
        return { line, verdict, why: verdict === 'twin' ? 'twin' : why };
      }),
    };
  });
}

/** Why a customer can have no ticket by an import of this account: out of sight, or 无效. */
async function troublesOf(tx: Orm, by: Holder, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(customer)
    .where(inArray(customer.id, [...new Set(ids)]));
  return new Map(
    rows.map((row) => [row.id, maySeeCustomer(by.account, row) ? (row.invalidAt === null ? '' : 'customer-invalid') : 'customer-hidden']),
  );
}

export async function commitImport(
  deps: OfficeDeps,
  by: Holder,
  input: OperationInput<'import.commit'>,
): Promise<OperationOutput<'import.commit'>> {
  return carryOut(deps, 'import.commit', by, {}, async (w) => {
    const { tx, actor } = w;
    const mine = staged(actor.id, input.importId);
    await holdEveryContact(tx);
    const [group] = await tx.select().from(staffGroup).where(eq(staffGroup.id, input.groupId)).for('share');
    if (group === undefined || !isLeaderOf(actor, group.id)) throw new NotPossible('group-missing');
    const rows = await tx.select().from(importStaged).where(mine).orderBy(asc(importStaged.line));
    if (rows.length === 0) throw new NotPossible('import-gone');
    const value = await bringIn(deps, w, {
      rows: await recognise(tx, rows, new Map()),
      tickets: input.tickets,
      owned: input.owner === 'me',
      groupId: group.id,
      parameters: await readParameters(tx),
    });
    // Thrown away with the transaction.
    if (input.mode === 'all' && value.left > 0) throw new NotPossible('bad-rows');
    await tx.delete(importStaged).where(mine);
    const detail = `customers=${value.customers} tickets=${value.tickets} known=${value.known} left=${value.left}`;
    return { value, detail };
  });
}

export async function discardImport(deps: OfficeDeps, by: Holder, { importId }: OperationInput<'import.discard'>): Promise<object> {
  await deps.store.orm.delete(importStaged).where(staged(by.account.id, importId));
  return {};
}

/** Forgets files that nobody committed within a day. */
export async function sweepImports(store: Store, now: number): Promise<void> {
  await store.orm.delete(importStaged).where(lt(importStaged.stagedAt, now - KEEP_MS));
}
