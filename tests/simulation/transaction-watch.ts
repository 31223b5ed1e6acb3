import Database from 'better-sqlite3';

/** Told before each transaction of a cache begins and after it has ended: the points between which a crash can tear things. */
export type Boundary = (path: string) => void;

const open = new Map<string, Database.Database>();
let boundary: Boundary = () => {};

/** The production's own connection to a file, for looking at it; null while it is closed. */
export function connectionTo(path: string): Database.Database | null {
  const found = open.get(path);
  if (found?.open === true) return found;
  open.delete(path);
  return null;
}

/** Paths of the connections that are open below a folder, the last opened at the end. */
export const openBelow = (folder: string): string[] =>
  [...open.entries()].filter(([path, db]) => db.open && path.startsWith(`${folder}/`)).map(([path]) => path);

const prepared = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** A statement for looking at a cache, made once a connection: looking happens after everything that happens. */
export function look(db: Database.Database, source: string): Database.Statement {
  let known = prepared.get(db);
  if (known === undefined) prepared.set(db, (known = new Map()));
  let found = known.get(source);
  if (found === undefined) known.set(source, (found = db.prepare(source)));
  return found;
}

export function onBoundary(listener: Boundary): void {
  boundary = listener;
}

/** Forgets connections that are closed. */
export function forgetClosed(): void {
  for (const [path, db] of open) if (!db.open) open.delete(path);
}

let watching = false;

/** Looks on from now on; nothing is changed in what the binding does. */
export function watchTransactions(): void {
  if (watching) return;
  watching = true;
  const pragma = Database.prototype.pragma;
  Database.prototype.pragma = function seen(this: Database.Database, ...args: Parameters<typeof pragma>) {
    if (open.get(this.name) !== this) {
      open.delete(this.name);
      open.set(this.name, this);
    }
    return pragma.apply(this, args);
  };
  const transaction = Database.prototype.transaction as (this: Database.Database, run: (...a: unknown[]) => unknown) => Variants;
  (Database.prototype as { transaction: unknown }).transaction = function seen(
    this: Database.Database,
    run: (...a: unknown[]) => unknown,
  ): Variants {
    const made = transaction.call(this, run);
    const immediate = (...args: unknown[]): unknown => {
      boundary(this.name);
      try {
        return made.immediate(...args);
      } finally {
        boundary(this.name);
      }
    };
    return Object.assign((...args: unknown[]) => made(...args), {
      immediate,
      deferred: made.deferred,
      exclusive: made.exclusive,
      default: made.default,
    });
  };
}

type Run = (...args: unknown[]) => unknown;
type Variants = Run & { readonly immediate: Run; readonly deferred: Run; readonly exclusive: Run; readonly default: Run };
