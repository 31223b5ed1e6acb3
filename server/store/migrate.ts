import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { defaultParameters } from '../../shared/domain/tickets.ts';
import { type Migration, migrations } from './migrations.ts';
import { codeOf } from './pool-store.ts';
import { type Orm, rowsOf, type Store } from './store.ts';
import { StoreError } from './store-error.ts';

/** Any number will do, as long as no other lock has it. */
const MIGRATION_LOCK = 7_310_001;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Brings the schema up to date, each step in a transaction of its own.
 * @throws StoreError `schema-newer` before anything is written, if a newer version made this database; `schema-older` if it
 * would have to be brought up to date by a role that may not
 */
export async function migrate(store: Store, now: number, steps: readonly Migration[] = migrations): Promise<void> {
  const newest = steps.at(-1)?.version ?? 0;
  const found = await readVersion(store.orm);
  if (found > newest) throw new StoreError('schema-newer', `${found} > ${newest}`);
  if (found === newest) return;
  try {
    await bringUp(store, now, steps);
  } catch (error) {
    throw codeOf(error) === INSUFFICIENT_PRIVILEGE ? new StoreError('schema-older', `${found} < ${newest}`, error) : error;
  }
}

async function bringUp(store: Store, now: number, steps: readonly Migration[]): Promise<void> {
  await store.script('CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, name text NOT NULL, at bigint NOT NULL)');
  for (const step of steps) {
    await store.transaction(async (tx) => {
      // Two instances that start together: the second waits here, and then finds the step done.
      await tx.execute(sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      if ((await readVersion(tx)) >= step.version) return;
      for (const statement of step.sql.split(';')) if (statement.trim() !== '') await tx.execute(sql.raw(statement));
      await step.run?.(tx);
      await tx.execute(sql`INSERT INTO schema_version (version, name, at) VALUES (${step.version}, ${step.name}, ${now})`);
      if (step.version === 1) await fill(tx);
    });
  }
}

/** Single rows that must always be there. */
export async function fill(tx: Orm): Promise<void> {
  await tx.execute(sql`INSERT INTO feed_head (id, seq) VALUES (1, 0)`);
  await tx.execute(sql`INSERT INTO meta (key, value) VALUES ('epoch', ${randomUUID()})`);
  await tx.execute(sql`INSERT INTO parameter (id, value) VALUES (1, ${JSON.stringify(defaultParameters)}::jsonb)`);
}

async function readVersion(orm: Orm): Promise<number> {
  const [table] = await rowsOf<{ name: string | null }>(orm, sql`SELECT to_regclass('schema_version')::text AS name`);
  if (table?.name == null) return 0;
  const [row] = await rowsOf<{ version: number | null }>(orm, sql`SELECT max(version) AS version FROM schema_version`);
  return row?.version ?? 0;
}
