import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres, type TestPostgres } from '../../tests/integration/server/databases.ts';
import { type Outcome, table } from './figures.ts';
import { measureReturn, measureSteady, placeIn } from './measure-server.ts';

// Speed of the server: many clients return at once, and many work side by side. See docs/performance.md.

const usage = `npm run bench:server -- [--clients 500] [--agents 300] [--seconds 60] [--workers 1]
                        [--db pglite|postgres|both] [--only return|steady] [--json]
`;
/** As docs/performance.md sets the goal. */
const COMMANDS = 20;
const EVENTS = 500;
const PER_MINUTE = 2;

class UsageError extends Error {}

function readArguments() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        clients: { type: 'string', default: '500' },
        agents: { type: 'string', default: '300' },
        seconds: { type: 'string', default: '60' },
        workers: { type: 'string', default: '1' },
        db: { type: 'string', default: 'both' },
        only: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const whole = (name: 'clients' | 'agents' | 'seconds' | 'workers', least: number): number => {
    const text = values[name];
    if (!/^\d{1,5}$/.test(text) || Number(text) < least) throw new UsageError(`--${name} ${text}: not a number from ${least} up`);
    return Number(text);
  };
  const { db, only, json } = values;
  if (db !== 'pglite' && db !== 'postgres' && db !== 'both') throw new UsageError(`--db ${db}: not pglite, postgres or both`);
  if (only !== undefined && only !== 'return' && only !== 'steady') throw new UsageError(`--only ${only}: not return or steady`);
  return {
    // Each has a colleague.
    clients: whole('clients', 2),
    agents: whole('agents', 2),
    seconds: whole('seconds', 1),
    workers: whole('workers', 1),
    databases: db === 'both' ? (['pglite', 'postgres'] as const) : [db],
    parts: only === undefined ? (['return', 'steady'] as const) : [only],
    json,
  };
}

/** @returns the exit code */
async function main(): Promise<number> {
  const { clients, agents, seconds, workers, databases, parts, json } = readArguments();
  const root = await mkdtemp(join(tmpdir(), 'zuoxi-bench-server-'));
  let postgres: TestPostgres | null = null;
  const outcomes: Record<string, Outcome> = {};
  try {
    if (databases.includes('postgres')) postgres = await startPostgres({ durable: true });
    for (const database of databases)
      for (const part of parts) {
        const url = database === 'postgres' ? await postgres!.create(part) : null;
        const place = placeIn(root, `${database}-${part}`, url);
        outcomes[`${database} ${part}`] =
          part === 'return'
            ? await measureReturn(place, { clients, commands: COMMANDS, events: EVENTS, workers })
            : await measureSteady(place, { agents, perMinute: PER_MINUTE, seconds, workers });
      }
  } finally {
    await postgres?.stop();
    await rm(root, { recursive: true, force: true });
  }
  process.stdout.write(json ? `${JSON.stringify(outcomes)}\n` : `${table(outcomes)}\n`);
  // A figure that misses its goal is a finding, not a fault.
  return Object.values(outcomes).some((o) => o.faults.length > 0) ? 1 : 0;
}

let code = 2;
try {
  code = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${usage}`);
}
// PostgreSQL's own exit hook would make a 0 of an exit code that was only set.
process.exit(code);
