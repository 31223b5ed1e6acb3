// PowerSync for Node: its own SQLite extension and its own protocol, which `servers/powersync.ts` speaks.
import { column, Schema, Table } from '@powersync/common';
import { PowerSyncDatabase } from '@powersync/node';
import { ME } from '../data.ts';
import { columns, flatValues, wholeNumbers } from '../flat-row.ts';
import { push } from '../plain-client.ts';
import { listed, windowCounts } from '../sqlite-schema.ts';

const BATCH = 500;
const PATIENCE_MS = 120_000;

const typeOf = (name) => {
  if (name === 'cf_amount') return column.real;
  return wholeNumbers.includes(name) ? column.integer : column.text;
};
const ticket = new Table(Object.fromEntries(columns.slice(1).map((name) => [name, typeOf(name)])), {
  indexes: { mine: ['assignee_id', 'is_open', 'due_at', 'callback_at'], updated: ['updated_at'] },
});

/** Asks again and again until it is so: the engine tells of a sync, not of its last row. */
async function until(isSo) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('waited two minutes');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export async function open({ dir, url }) {
  const db = new PowerSyncDatabase({
    schema: new Schema({ ticket }),
    database: { dbFilename: 'powersync.db', dbLocation: dir },
    crudUploadThrottleMs: 10,
  });
  await db.init();
  const connector = {
    fetchCredentials: async () => ({ endpoint: url, token: 'bench' }),
    uploadData: async (queue) => {
      for (let batch = await queue.getCrudBatch(BATCH); batch; batch = await queue.getCrudBatch(BATCH)) {
        await push(
          url,
          batch.crud.map((entry) => ({ mid: entry.id, ticket: { id: entry.id, ...entry.opData } })),
        );
        await batch.complete();
      }
    },
  };
  const marks = columns.map(() => '?').join(', ');
  const get = async (id) => {
    const row = await db.getOptional('SELECT updated_at AS updatedAt FROM ticket WHERE id = ?', [id]);
    return row ?? null;
  };
  return {
    syncAll: async () => {
      await db.connect(connector);
      await db.waitForFirstSync();
    },
    count: async () => (await db.get('SELECT count(*) AS n FROM ticket')).n,
    delta: async ({ sample }) => {
      await fetch(`${url}/release`);
      await until(async () => (await get(sample.id))?.updatedAt === sample.updatedAt);
    },
    get,
    list: () =>
      db.getAll(`SELECT ${listed} FROM ticket WHERE assignee_id = ? AND is_open = 1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 50`, [ME]),
    buckets: () => db.get(`SELECT ${windowCounts} FROM ticket WHERE assignee_id = ? AND is_open = 1`, [ME]),
    search: (text) =>
      db.getAll(
        `SELECT id, number, subject, description, status, updated_at FROM ticket
         WHERE subject LIKE ? OR description LIKE ? ORDER BY updated_at DESC LIMIT 50`,
        [`%${text}%`, `%${text}%`],
      ),
    goOffline: () => db.disconnect(),
    createDraft: (sample) => db.execute(`INSERT INTO ticket(${columns.join(', ')}) VALUES(${marks})`, flatValues(sample)),
    drain: async () => {
      await db.connect(connector);
      await until(async () => (await db.get('SELECT count(*) AS n FROM ps_crud')).n === 0);
    },
    close: () => db.close(),
  };
}
