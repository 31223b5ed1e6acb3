import { sql } from 'drizzle-orm';
import { rowsOf, type Store } from '../../server/store/store.ts';

/** Copies of a server's rows inside of its own database: a start for each schedule, and the backups of one. */
export class KeptRows {
  readonly #store: Store;
  /** Each with the columns that can be written. */
  readonly #tables: ReadonlyMap<string, string>;
  readonly #kept = new Map<string, { readonly filled: readonly string[]; readonly nextNumber: number }>();

  private constructor(store: Store, tables: ReadonlyMap<string, string>) {
    this.#store = store;
    this.#tables = tables;
  }

  static async of(store: Store): Promise<KeptRows> {
    const rows = await rowsOf<{ name: string; columns: string }>(
      store.orm,
      sql`SELECT table_name AS name, string_agg('"' || column_name || '"', ', ' ORDER BY ordinal_position) AS columns
          FROM information_schema.columns
          WHERE table_schema = 'public' AND table_name <> 'schema_version' AND is_generated = 'NEVER'
          GROUP BY table_name ORDER BY table_name`,
    );
    return new KeptRows(store, new Map(rows.map((r) => [r.name, r.columns])));
  }

  /** Keeps all rows as they are now under a name; again under the same name replaces them. */
  async keep(name: string): Promise<void> {
    const filled = await this.#filled();
    const [row] = await rowsOf<{ n: number | string }>(
      this.#store.orm,
      sql`SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END AS n FROM ticket_number`,
    );
    this.#kept.set(name, { filled, nextNumber: Number(row!.n) });
    const copies = filled.map((t) => `CREATE TABLE ${name}.${t} AS SELECT ${this.#tables.get(t)!} FROM public.${t};`).join('');
    await this.#store.script(`DROP SCHEMA IF EXISTS ${name} CASCADE; CREATE SCHEMA ${name}; ${copies}`);
  }

  /** Puts back all rows that were kept under a name. */
  async putBack(name: string): Promise<void> {
    const { filled, nextNumber } = this.#kept.get(name)!;
    const emptied = await this.#filled();
    const copies = filled
      .map((t) => `INSERT INTO public.${t} (${this.#tables.get(t)!}) SELECT ${this.#tables.get(t)!} FROM ${name}.${t};`)
      .join('');
    // The tables refer to each other; together they fit again.
    await this.#store.script(
      `BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE ${emptied.map((t) => `public.${t}`).join(', ')} CASCADE;` +
        `${copies} ALTER SEQUENCE ticket_number RESTART WITH ${nextNumber}; COMMIT;`,
    );
  }

  async #filled(): Promise<string[]> {
    const asked = [...this.#tables.keys()].map((t) => `SELECT '${t}' AS name WHERE EXISTS (SELECT 1 FROM public.${t})`).join(' UNION ALL ');
    return (await rowsOf<{ name: string }>(this.#store.orm, sql.raw(asked))).map((r) => r.name).toSorted();
  }
}
