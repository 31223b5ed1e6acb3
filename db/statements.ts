import type Database from 'better-sqlite3';
import type { BetterSQLiteSession } from 'drizzle-orm/better-sqlite3/session';
import type { Reader } from './reader.ts';

/** Statements that stay compiled; a desk asks about a hundred different ones all day. */
const KEPT = 250;
type Shape = 'rows' | 'raw' | 'pluck';

/**
 * Compiling costs more than most of what is asked here. From now on the connection gives out each statement again for
 * the same text, as objects, as arrays (`raw`) or as first columns (`pluck`).
 */
export function keepStatements(raw: Database.Database): void {
  const prepare = raw.prepare.bind(raw) as (source: string) => Database.Statement;
  const kept = new Map<string, Database.Statement>();
  raw.prepare = ((source: string) => {
    const known = kept.get(source);
    const statement = known ?? shaped(source);
    // Put back at the end: the front holds what was not asked for longest.
    if (known !== undefined) kept.delete(source);
    kept.set(source, statement);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return statement;
  }) as typeof raw.prepare;

  function shaped(source: string): Database.Statement {
    const own = prepare(source);
    let now: Shape = 'rows';
    // A shape is a lasting property of the statement: each use sets its own.
    const as = (shape: Shape): Database.Statement => {
      const ready = (): Database.Statement => {
        if (now === shape) return own;
        if (now !== 'rows') own[now](false);
        if (shape !== 'rows') own[shape](true);
        now = shape;
        return own;
      };
      return {
        run: (...values: unknown[]) => ready().run(...values),
        get: (...values: unknown[]) => ready().get(...values),
        all: (...values: unknown[]) => ready().all(...values),
        raw: () => as('raw'),
        pluck: () => as('pluck'),
      } as unknown as Database.Statement;
    };
    return as('rows');
  }
}

type Told = <T>(run: () => T) => T;
const watchers = new WeakMap<Reader, Told>();

/** Asks the connection itself under the same watch as `watchQueries`. */
export const watched = <T>(db: Reader, run: () => T): T => (watchers.get(db) ?? ((plain: () => T) => plain()))(run);

/**
 * From now on all that is asked of a cache through drizzle passes through `told`, from the compiling of the statement to the values that
 * drizzle makes of its rows: a text that should be JSON and is none is a fault of the storage like a page that does not open.
 */
export function watchQueries(db: Reader, told: Told): void {
  watchers.set(db, told);
  const { session } = db as unknown as { session: BetterSQLiteSession<never, never> };
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (...given: Parameters<typeof prepareQuery>) => {
    const query = told(() => prepareQuery(...given));
    for (const way of ['run', 'all', 'get', 'values'] as const) {
      const own = query[way].bind(query);
      query[way] = (values?: Record<string, unknown>) => told(() => own(values)) as never;
    }
    return query as never;
  };
}
