import type Database from 'better-sqlite3';

/** Statements that stay compiled; a desk asks about a hundred different ones all day. */
const KEPT = 250;
type Shape = 'rows' | 'raw' | 'pluck';

/**
 * Compiling costs more than most of what is asked here. From now on the connection gives out each statement again for
 * the same text, as objects, as arrays (`raw`) or as first columns (`pluck`). All that is asked passes through `told`.
 */
export function keepStatements(raw: Database.Database, told: <T>(run: () => T) => T): void {
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
    const own = told(() => prepare(source));
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
        run: (...values: unknown[]) => told(() => ready().run(...values)),
        get: (...values: unknown[]) => told(() => ready().get(...values)),
        all: (...values: unknown[]) => told(() => ready().all(...values)),
        raw: () => as('raw'),
        pluck: () => as('pluck'),
      } as unknown as Database.Statement;
    };
    return as('rows');
  }
}
