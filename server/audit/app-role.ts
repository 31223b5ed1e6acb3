import { sql } from 'drizzle-orm';
import { type Orm, rowsOf, type Store } from '../store/store.ts';

// For a server that shall not be able to change its own audit log: it then runs as a role that owns nothing. The owner's
// role brings the schema up to date and gives the rights, whenever a version has new tables.

/** Whether the role that the server runs as could change or take away entries of the audit log. */
export async function mayRewriteAudit(orm: Orm): Promise<boolean> {
  const [row] = await rowsOf<{ may: boolean }>(
    orm,
    sql`SELECT has_table_privilege('audit', 'UPDATE') OR has_table_privilege('audit', 'DELETE') OR has_table_privilege('audit', 'TRUNCATE')
          OR pg_has_role(c.relowner, 'MEMBER') AS may
        FROM pg_class c WHERE c.oid = 'audit'::regclass`,
  );
  return row?.may ?? true;
}

/**
 * Gives a role all that a server needs, and no more: of the audit log to read and to append. Again is the same.
 * @param role one that exists
 * @throws whatever the database throws, if there is no such role or the caller is not the owner
 */
export async function grantToServer(store: Store, role: string): Promise<void> {
  await store.transaction(async (tx) => {
    const name = sql.identifier(role);
    const [row] = await rowsOf<{ name: string }>(tx, sql`SELECT current_schema() AS name`);
    const schema = sql.identifier(row!.name);
    for (const statement of [
      sql`REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${name}`,
      sql`GRANT USAGE ON SCHEMA ${schema} TO ${name}`,
      sql`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${name}`,
      sql`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${name}`,
      sql`REVOKE UPDATE, DELETE ON audit FROM ${name}`,
      // Only the trigger writes there, as its owner.
      sql`REVOKE INSERT, UPDATE, DELETE ON audit_head, schema_version FROM ${name}`,
    ])
      await tx.execute(statement);
  });
}
