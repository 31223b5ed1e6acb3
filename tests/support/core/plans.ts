import type Database from 'better-sqlite3';

/** How SQLite goes about each question that `run` has prepared, step by step. */
export function plansOf(raw: Database.Database, run: () => void): string[][] {
  const asked: string[] = [];
  const { prepare } = raw;
  raw.prepare = ((text: string) => {
    asked.push(text);
    return prepare.call(raw, text);
  }) as typeof prepare;
  try {
    run();
  } finally {
    raw.prepare = prepare;
  }
  return asked.map((text) => {
    // Without values a plan is the same: SQLite keeps no statistics here.
    const names = Object.fromEntries([...text.matchAll(/@(\w+)/g)].map((m) => [m[1]!, null]));
    const values = Array.from({ length: text.split('?').length - 1 }, () => null);
    const plan = raw.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values, names) as { detail: string }[];
    return plan.map(({ detail }) => detail);
  });
}
