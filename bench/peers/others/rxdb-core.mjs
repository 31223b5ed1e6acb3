// RxDB with its own replication over HTTP; the storage is the caller's.
import { createRxDatabase } from 'rxdb/plugins/core';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { isOpen, ME, WINDOWS } from '../data.ts';
import { pull, push } from '../plain-client.ts';

/** Stands for no time: an index of RxDB holds no null. */
const NEVER = 9e14;
const PAGE = 5000;
const BATCH = 500;

const text = { type: 'string' };
const number = { type: 'number' };
const time = { type: 'number', minimum: -NEVER, maximum: NEVER, multipleOf: 1 };
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 64 },
    number: text,
    subject: text,
    description: text,
    status: text,
    priority: text,
    category: text,
    customer: { type: 'object', properties: { id: text, name: text, phone: text } },
    assigneeId: { type: 'string', maxLength: 8 },
    groupId: text,
    createdAt: number,
    updatedAt: number,
    dueAt: time,
    callbackAt: time,
    custom: { type: 'object' },
    seq: number,
    rev: number,
    isOpen: { type: 'boolean' },
  },
  required: ['assigneeId', 'isOpen', 'dueAt', 'callbackAt'],
  indexes: [
    ['assigneeId', 'isOpen', 'dueAt'],
    ['assigneeId', 'isOpen', 'callbackAt'],
  ],
};
const toDocument = (ticket) => ({
  ...ticket,
  isOpen: isOpen(ticket),
  dueAt: ticket.dueAt ?? NEVER,
  callbackAt: ticket.callbackAt ?? NEVER,
});

export async function openRxdb({ url }, storage) {
  const db = await createRxDatabase({ name: 'rxdb', storage, multiInstance: false, eventReduce: true });
  const { tickets } = await db.addCollections({ tickets: { schema } });
  let replication;
  // Without a difference the same question would be answered from its cache.
  let asked = 0;
  const fresh = () => -(asked += 1);
  const plain = (documents) => documents.map((document) => document.toJSON());
  const countIn = (field, from, to) =>
    tickets.count({ selector: { assigneeId: ME, isOpen: true, [field]: { $gte: from, $lt: to } } }).exec();
  return {
    syncAll: async () => {
      replication = replicateRxCollection({
        collection: tickets,
        replicationIdentifier: 'http',
        live: true,
        retryTime: 1000,
        pull: {
          batchSize: PAGE,
          handler: async (place, limit) => {
            const { checkpoint, rows } = await pull(url, place?.seq ?? 0, limit);
            return { documents: rows.map((ticket) => ({ ...toDocument(ticket), _deleted: false })), checkpoint: { seq: checkpoint } };
          },
        },
        push: {
          batchSize: BATCH,
          handler: async (rows) => {
            await push(
              url,
              rows.map(({ newDocumentState: ticket }) => ({ mid: `${ticket.id}:${ticket.rev}`, ticket })),
            );
            return [];
          },
        },
      });
      replication.error$.subscribe((error) => console.error(String(error).slice(0, 800)));
      await replication.awaitInitialReplication();
      await replication.awaitInSync();
    },
    count: () => tickets.count().exec(),
    delta: async () => {
      replication.reSync();
      await replication.awaitInSync();
    },
    get: async (id) => (await tickets.findOne(id).exec())?.toJSON(),
    list: async () => {
      const selector = { assigneeId: ME, isOpen: true, dueAt: { $gte: fresh(), $lt: NEVER } };
      return plain(await tickets.find({ selector, sort: [{ dueAt: 'asc' }], limit: 50 }).exec());
    },
    buckets: async () => {
      const counts = {};
      for (const [name, from, to] of WINDOWS) counts[name] = (await countIn('dueAt', from, to)) + (await countIn('callbackAt', from, to));
      return counts;
    },
    search: async (words) => {
      const has = [{ subject: { $regex: words } }, { description: { $regex: words } }];
      return plain(await tickets.find({ selector: { $or: has, updatedAt: { $gt: fresh() } }, limit: 50 }).exec());
    },
    goOffline: () => replication.pause(),
    createDraft: (sample) => tickets.insert(toDocument(sample)),
    drain: async () => {
      await replication.start();
      await replication.awaitInSync();
    },
    close: () => db.close(),
  };
}
