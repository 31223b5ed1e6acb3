import { getTableColumns, getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../../server/store/migrate.ts';
import { migrations, newestSchema } from '../../../../server/store/migrations.ts';
import * as schema from '../../../../server/store/schema.ts';
import { rowsOf, type Store } from '../../../../server/store/store.ts';
import { StoreError } from '../../../../server/store/store-error.ts';

export function schemaSuite(store: () => Store): void {
  describe('schema', () => {
    it('has every table and column that queries are typed with, with the same type', async () => {
      const columns = await rowsOf<{ place: string; type: string; nullable: string }>(
        store().orm,
        sql`SELECT table_name || '.' || column_name AS place, data_type AS type, is_nullable AS nullable
            FROM information_schema.columns WHERE table_schema = 'public'`,
      );
      const found = new Map(columns.map((c) => [c.place, `${c.type} ${c.nullable}`]));
      const tables = Object.values(schema).filter((t) => is(t, PgTable));
      expect(tables.length).toBeGreaterThan(10);
      for (const table of tables) {
        for (const column of Object.values(getTableColumns(table))) {
          const type = column.getSQLType().endsWith('[]') ? 'ARRAY' : column.getSQLType();
          const place = `${getTableName(table)}.${column.name}`;
          expect([place, found.get(place)]).toEqual([place, `${type} ${column.notNull ? 'NO' : 'YES'}`]);
        }
      }
    });

    it('refuses a database from a newer version without touching it', async () => {
      const { orm } = store();
      await orm.execute(sql`INSERT INTO schema_version (version, name, at) VALUES (${newestSchema + 1}, 'from-the-future', 0)`);
      try {
        const later = [...migrations, { version: newestSchema + 1, name: 'mine', sql: 'CREATE TABLE touched (id text)' }];
        const error: unknown = await migrate(store(), 0).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(StoreError);
        expect((error as StoreError).problem).toBe('schema-newer');
        // The step that the database already has is not run again.
        await migrate(store(), 0, later);
        expect(await rowsOf(orm, sql`SELECT 1 FROM pg_tables WHERE tablename = 'touched'`)).toEqual([]);
      } finally {
        await orm.execute(sql`DELETE FROM schema_version WHERE version > ${newestSchema}`);
      }
    });

    it('leaves nothing of a step that fails', async () => {
      const bad = { version: newestSchema + 1, name: 'bad', sql: 'CREATE TABLE half (id text); SELECT 1/0' };
      await expect(migrate(store(), 0, [...migrations, bad])).rejects.toThrow();
      expect(await rowsOf(store().orm, sql`SELECT 1 FROM pg_tables WHERE tablename = 'half'`)).toEqual([]);
      const versions = await rowsOf<{ version: number }>(store().orm, sql`SELECT version FROM schema_version`);
      expect(versions.map((v) => v.version)).toEqual(migrations.map((m) => m.version));
    });
  });
}
