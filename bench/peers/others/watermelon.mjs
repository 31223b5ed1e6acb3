// WatermelonDB on SQLite with its own `synchronize`: one answer brings all that changed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ME, WINDOWS } from '../data.ts';
import { columns, flatRow, wholeNumbers } from '../flat-row.ts';
import { pull, push } from '../plain-client.ts';

const require = createRequire(import.meta.url);
const { appSchema, Database, Model, Q, tableSchema } = require('@nozbe/watermelondb');
const SQLiteAdapter = require('@nozbe/watermelondb/adapters/sqlite').default;
const { synchronize } = require('@nozbe/watermelondb/sync');
require('@nozbe/watermelondb/utils/common/logger').default.silence();

const ALL = 1_000_000;
const indexed = ['assignee_id', 'due_at', 'callback_at', 'is_open', 'updated_at'];

class Ticket extends Model {
  static table = 'tickets';
}
const schema = appSchema({
  version: 1,
  tables: [
    tableSchema({
      name: 'tickets',
      columns: columns.slice(1).map((name) => ({
        name,
        type: wholeNumbers.includes(name) || name === 'cf_amount' ? 'number' : 'string',
        isOptional: name !== 'created_at' && name !== 'updated_at',
        isIndexed: indexed.includes(name),
      })),
    }),
  ],
});

export async function open({ dir, url }) {
  const adapter = new SQLiteAdapter({ dbName: join(dir, 'watermelon.db'), schema, jsi: false });
  const database = new Database({ adapter, modelClasses: [Ticket] });
  const tickets = database.get('tickets');
  await new Promise((resolve) => setTimeout(resolve, 0));
  const sync = () =>
    synchronize({
      database,
      sendCreatedAsUpdated: true,
      pullChanges: async ({ lastPulledAt }) => {
        const { checkpoint, rows } = await pull(url, lastPulledAt ?? 0, ALL);
        const flat = rows.map(flatRow);
        const changes = lastPulledAt ? { created: [], updated: flat, deleted: [] } : { created: flat, updated: [], deleted: [] };
        return { changes: { tickets: changes }, timestamp: checkpoint };
      },
      pushChanges: async ({ changes }) => {
        const { created, updated } = changes.tickets;
        await push(
          url,
          [...created, ...updated].map((ticket) => ({ mid: ticket.id, ticket })),
        );
      },
    });
  const mine = [Q.where('assignee_id', ME), Q.where('is_open', 1)];
  const raw = (records) => records.map((record) => record._raw);
  const countIn = (column, from, to) => tickets.query(...mine, Q.where(column, Q.gte(from)), Q.where(column, Q.lt(to))).fetchCount();
  return {
    syncAll: sync,
    count: () => tickets.query().fetchCount(),
    delta: sync,
    get: async (id) => ({ updatedAt: (await tickets.find(id))._raw.updated_at }),
    list: async () => raw(await tickets.query(...mine, Q.where('due_at', Q.notEq(null)), Q.sortBy('due_at', Q.asc), Q.take(50)).fetch()),
    buckets: async () => {
      const counts = {};
      for (const [name, from, to] of WINDOWS) counts[name] = (await countIn('due_at', from, to)) + (await countIn('callback_at', from, to));
      return counts;
    },
    search: async (text) => {
      const has = Q.or(Q.where('subject', Q.like(`%${text}%`)), Q.where('description', Q.like(`%${text}%`)));
      return raw(await tickets.query(has, Q.sortBy('updated_at', Q.desc), Q.take(50)).fetch());
    },
    createDraft: (sample) =>
      database.write(() => tickets.create((record) => Object.assign(record._raw, flatRow(sample), { id: record._raw.id }))),
    drain: sync,
    close: () => {},
  };
}
