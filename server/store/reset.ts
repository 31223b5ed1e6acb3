import { GENESIS } from '../audit/chain.ts';
import { fill } from './migrate.ts';
import { rowsOf, type Store } from './store.ts';
import { sql } from 'drizzle-orm';

/** Empties every table and starts a new epoch; for tests, whose role may do anything. */
export async function resetStore(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    const tables = await rowsOf<{ name: string }>(
      tx,
      sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version'`,
    );
    // Otherwise the audit log would refuse.
    await tx.execute(sql`SET LOCAL session_replication_role = replica`);
    await tx.execute(
      sql`TRUNCATE ${sql.join(
        tables.map((t) => sql.identifier(t.name)),
        sql`, `,
      )} CASCADE`,
    );
    await tx.execute(sql`ALTER SEQUENCE ticket_number RESTART`);
    await fill(tx);
    await tx.execute(sql`INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, ${GENESIS})`);
  });
}
