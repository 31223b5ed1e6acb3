// PouchDB on LevelDB with CouchDB's replication against `servers/pouchdb.mjs`.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isOpen, ME, WINDOWS } from '../data.ts';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-find'));

const options = { batch_size: 1000, batches_limit: 5 };
const ended = (replication) => new Promise((resolve, reject) => replication.on('complete', resolve).on('error', reject));
const toDocument = ({ id, ...rest }) => ({ _id: id, ...rest, isOpen: isOpen(rest) });
const found = ({ docs }) => docs.map((document) => ({ id: document._id, ...document }));

export async function open({ dir, extra, phase }) {
  const db = new PouchDB(join(dir, 'pouchdb'));
  const remote = phase === 'main' ? new PouchDB(extra.db) : null;
  if (phase === 'main') await db.createIndex({ index: { fields: ['assigneeId', 'isOpen', 'dueAt'], ddoc: 'mine', name: 'mine' } });
  const list = async () =>
    found(
      await db.find({
        selector: { assigneeId: ME, isOpen: true, dueAt: { $gt: 0 } },
        sort: [{ assigneeId: 'asc' }, { isOpen: 'asc' }, { dueAt: 'asc' }],
        limit: 50,
        use_index: 'mine',
      }),
    );
  // It brings its index up to date at the first question, and not before.
  const sync = async () => {
    await ended(db.replicate.from(remote, options));
    await list();
  };
  return {
    syncAll: sync,
    // The index itself is a document, too.
    count: async () => (await db.info()).doc_count - 1,
    delta: sync,
    get: (id) => db.get(id),
    list,
    buckets: async () => {
      const { docs } = await db.find({
        selector: { assigneeId: ME, isOpen: true },
        fields: ['dueAt', 'callbackAt'],
        limit: 1_000_000,
        use_index: 'mine',
      });
      const times = docs.flatMap((t) => [t.dueAt, t.callbackAt]).filter((at) => at !== null);
      return Object.fromEntries(WINDOWS.map(([name, from, to]) => [name, times.filter((at) => at >= from && at < to).length]));
    },
    search: async (text) => {
      const has = { $or: [{ subject: { $regex: text } }, { description: { $regex: text } }] };
      return found(await db.find({ selector: { _id: { $gt: null }, ...has }, limit: 50 }));
    },
    createDraft: (sample) => db.put(toDocument(sample)),
    drain: () => ended(db.replicate.to(remote, options)),
    close: () => db.close(),
  };
}
