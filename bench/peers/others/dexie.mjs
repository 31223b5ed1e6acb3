// Dexie on IndexedDB, in a page; no sync of its own, so pages and queue as `raw` has them.
import Dexie from 'dexie';
import { isOpen, ME, WINDOWS } from '../data.ts';
import { pullAll, push } from '../plain-client.ts';

/** Stands for no time: an index of IndexedDB holds no null. */
const NEVER = 9e14;
const PAGE = 5000;
const BATCH = 500;
const toDocument = (ticket) => ({
  ...ticket,
  open: isOpen(ticket) ? 1 : 0,
  due: ticket.dueAt ?? NEVER,
  callback: ticket.callbackAt ?? NEVER,
});

export async function open({ url }) {
  const db = new Dexie('dexie', { chromeTransactionDurability: 'relaxed' });
  db.version(1).stores({
    tickets: 'id, [assigneeId+open+due], [assigneeId+open+callback], updatedAt',
    outbox: '++n',
    meta: 'k',
  });
  await db.open();
  const sync = async () => {
    const since = (await db.meta.get('place'))?.v ?? 0;
    await pullAll(url, since, PAGE, ({ rows, checkpoint }) =>
      db.transaction('rw', db.tickets, db.meta, async () => {
        await db.tickets.bulkPut(rows.map(toDocument));
        await db.meta.put({ k: 'place', v: checkpoint });
      }),
    );
  };
  const mine = (index, from, to) => db.tickets.where(`[assigneeId+open+${index}]`).between([ME, 1, from], [ME, 1, to], true, false);
  return {
    syncAll: sync,
    count: () => db.tickets.count(),
    delta: sync,
    get: (id) => db.tickets.get(id),
    list: () => mine('due', -NEVER, NEVER).limit(50).toArray(),
    buckets: async () => {
      const counts = {};
      for (const [name, from, to] of WINDOWS)
        counts[name] = (await mine('due', from, to).count()) + (await mine('callback', from, to).count());
      return counts;
    },
    search: (text) =>
      db.tickets
        .orderBy('updatedAt')
        .reverse()
        .filter((t) => t.subject.includes(text) || t.description.includes(text))
        .limit(50)
        .toArray(),
    createDraft: (ticket) =>
      db.transaction('rw', db.tickets, db.outbox, async () => {
        await db.tickets.put(toDocument(ticket));
        await db.outbox.add({ mid: ticket.id, ticket });
      }),
    drain: async () => {
      for (;;) {
        const rows = await db.outbox.orderBy('n').limit(BATCH).toArray();
        if (rows.length === 0) return;
        await push(
          url,
          rows.map(({ mid, ticket }) => ({ mid, ticket })),
        );
        await db.outbox.bulkDelete(rows.map((row) => row.n));
      }
    },
    close: () => db.close(),
  };
}
