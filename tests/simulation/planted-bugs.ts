/** A fault that the simulation has to find: one line of the production, said otherwise. */
export interface PlantedBug {
  readonly name: string;
  /** From the project's folder. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly why: string;
}

/** Applied by a load hook in the process that looks for it; the production itself knows nothing of them. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'no-dedupe',
    file: 'server/sync/push.ts',
    find: '    const fresh = commands.filter((c) => taken.delete(c.id));\n',
    replace: '    const fresh = commands;\n',
    why: 'a command that is sent again takes effect again',
  },
  {
    name: 'acknowledged-before-commit',
    file: 'server/sync/push.ts',
    find: "        return { id: command.id, status: 'failed' };\n      });",
    replace: "        return { id: command.id, status: 'applied', seq: 0 };\n      });",
    why: 'the server says yes to what its database never took',
  },
  {
    name: 'blocked-goes-on',
    file: 'server/sync/push.ts',
    find: "      if (result.status === 'failed') for (const s of subjects) blocked.add(s);\n",
    replace: '',
    why: 'what hangs on an undecided command is decided before it',
  },
  {
    name: 'each-for-itself',
    file: 'server/sync/apply.ts',
    find: '  rows.putTicket(changes.ticket(ticketRow, change.ticket, customerNow));\n',
    replace: '  changes.ticket(ticketRow, change.ticket, customerNow);\n',
    why: 'a command is decided without those that came before it in the same push',
  },
  {
    name: 'leaves-untold',
    file: 'server/sync/feed.ts',
    find: '[...new Set([...before, ...after])]',
    replace: '[...new Set(after)]',
    why: 'whoever sees a row no more does not find the change that took it',
  },
  {
    name: 'cursor-first',
    file: 'core/sync/apply-page.ts',
    find: '  const applied = transaction((db): Applied => {\n',
    replace:
      "  if (page.mode === 'delta') writeMeta(cache.db, 'cursor', String(page.cursor));\n  const applied = transaction((db): Applied => {\n",
    why: 'the cursor moves before its data',
  },
  {
    name: 'cursor-last',
    file: 'core/sync/apply-page.ts',
    find: "    writeMeta(db, 'cursor', unfinished ? null : String(page.cursor));\n",
    replace: "    queueMicrotask(() => writeMeta(cache.db, 'cursor', unfinished ? null : String(page.cursor)));\n",
    why: 'data are written and the cursor behind them, apart',
  },
  {
    name: 'sent-is-done',
    file: 'core/sync/queue.ts',
    find: '      .set({ attempts: sql`${outbox.attempts} + 1` })\n',
    replace: "      .set({ attempts: sql`${outbox.attempts} + 1`, state: 'acked', seq: 0 })\n",
    why: 'a command counts as with the server when it is sent',
  },
  {
    name: 'undecided-is-refused',
    file: 'core/sync/queue.ts',
    find: "      if (row === undefined || result.status === 'failed') continue;\n",
    replace: '      if (row === undefined) continue;\n',
    why: 'what the server could not decide is shown as refused',
  },
  {
    name: 'refusal-lost',
    file: 'core/sync/queue.ts',
    find: "        db.update(outbox).set({ state: 'refused', refusal: result.refusal, refusedAt: now }).where(eq(outbox.position, row.position)).run();\n",
    replace: '        db.delete(outbox).where(eq(outbox.position, row.position)).run();\n',
    why: 'a refused command vanishes with its text',
  },
  {
    name: 'refusal-keeps-its-effect',
    file: 'core/sync/queue.ts',
    find: '        refused = true;\n',
    replace: '',
    why: 'what was refused still stands in the rows',
  },
  {
    name: 'newest-first',
    file: 'core/sync/queue.ts',
    find: '    .orderBy(asc(outbox.position))\n    .limit(limits.count)\n',
    replace: '    .orderBy(sql`${outbox.position} DESC`)\n    .limit(limits.count)\n',
    why: 'the queue is sent from its end',
  },
  {
    name: 'requeue-skipped',
    file: 'core/sync/queue.ts',
    find: "    .where(inArray(outbox.state, ['acked', 'done']))\n    .run().changes;",
    replace: "    .where(inArray(outbox.state, ['acked']))\n    .run().changes;",
    why: 'after a restore what had been pulled is not sent again',
  },
  {
    name: 'saved-nowhere',
    file: 'core/commands/act.ts',
    find: "  db.insert(outbox)\n    .values({ ...row, state: 'queued' })",
    replace: "  if (command.kind !== 'note') db.insert(outbox)\n    .values({ ...row, state: 'queued' })",
    why: 'the agent hears 已保存 of what no queue holds',
  },
  {
    name: 'eviction-skipped',
    file: 'core/sync/apply-page.ts',
    find: '    removeTickets(db, page.evict.tickets, now);\n',
    replace: '',
    why: 'what the account may no longer see stays',
  },
  {
    name: 'evicted-by-half',
    file: 'db/writes/leaving.ts',
    find: '  for (const table of [events, callbacks, attachments, unseen, fetched])\n',
    replace: '  for (const table of [callbacks, attachments, unseen, fetched])\n',
    why: 'the history of a ticket that left stays',
  },
  {
    name: 'base-not-restored',
    file: 'core/sync/apply-page.ts',
    find: '    restoreBase(db);\n    const epoch',
    replace: '    const epoch',
    why: 'a page meets rows that the queue has changed',
  },
  {
    name: 'base-kept',
    file: 'db/writes/optimistic.ts',
    find: '  db.delete(baseRows).run();\n',
    replace: '',
    why: 'an old version comes back over a newer one: deleted rows resurrect',
  },
  {
    name: 'reset-ignored',
    file: 'core/sync/apply-page.ts',
    find: '      if (purged) erased = eraseRows(db, now) || erased;\n',
    replace: '',
    why: 'a changed view leaves the rows of the old one',
  },
  {
    name: 'hint-is-data',
    file: 'core/sync/engine.ts',
    find: '        else this.kick();\n',
    replace:
      "        else {\n          if (message.type === 'changed') this.#o.cache.transaction((db) => db.$client.prepare(\"UPDATE meta SET value = ? WHERE key = 'cursor'\").run(String(message.head)));\n          this.kick();\n        }\n",
    why: 'a live hint moves the cursor',
  },
  {
    name: 'one-cache-for-all',
    file: 'core/session/cache-places.ts',
    find: '${url}\\n${accountId}',
    replace: '${url}',
    why: 'the next who signs in has the queue of the one before',
  },
  {
    name: 'reminder-forgotten',
    file: 'core/session/desk.ts',
    find: '      scheduler.refresh();\n    },\n',
    replace: '    },\n',
    why: 'a callback that a pull brings is not armed',
  },
  {
    name: 'refusal-unarmed',
    file: 'core/session/desk.ts',
    find: '    onRefused: () => scheduler.refresh(),\n',
    replace: '    onRefused: () => {},\n',
    why: 'a refusal gives a callback its time back, and nobody reminds of it (this one was real)',
  },
  {
    name: 'overwritten',
    file: 'shared/domain/commands/field-merge.ts',
    find: '    if (!same(theirs, change.from) && !same(theirs, change.to)) {\n',
    replace: '    if (change.field === undefined) {\n',
    why: "somebody's value is replaced by one who has not seen it",
  },
  {
    name: 'page-passed',
    file: 'server/sync/delta.ts',
    find: '  const reached = found.length < limit ? head : found.at(-1)!;\n',
    replace: '  const reached = head;\n',
    why: 'a full page is taken for the last one: the rest is never sent',
  },
  {
    name: 'nobody-evicted',
    file: 'server/sync/delta.ts',
    find: '  return [...touched].filter(([id, t]) => t.saw && !still.has(id)).map(([id]) => id);\n',
    replace: '  return [...touched].filter(([id, t]) => !t.saw && !still.has(id)).map(([id]) => id);\n',
    why: 'the server does not say what has left a view',
  },
  {
    name: 'old-view-served',
    file: 'server/sync/pull.ts',
    find: '    (request.view !== null && request.view !== view.name) ||\n',
    replace: '',
    why: 'a changed role or group goes unnoticed',
  },
  {
    name: 'mark-not-compared',
    file: 'server/sync/history.ts',
    find: '  const differs = mark !== null && ',
    replace: '  const differs = mark === -1 && ',
    why: 'a server that went back is not noticed once others have written past what a device saw',
  },
  {
    name: 'mark-of-page-not-kept',
    file: 'core/sync/apply-page.ts',
    find: '    noteSeen(db, head.seq, head.mark);\n',
    replace: '',
    why: 'a device proves nothing of what it has read',
  },
  {
    name: 'mark-of-answer-not-kept',
    file: 'core/sync/queue.ts',
    find: '        noteSeen(db, result.seq, result.mark ?? null);\n',
    replace: '',
    why: 'a command that was answered and then forgotten before the next page is lost in silence',
  },
  {
    name: 'mark-outlives-its-epoch',
    file: 'core/sync/apply-page.ts',
    find: '    if (restored) forgetSeen(db);\n',
    replace: '',
    why: 'a device holds the mark of a history that has ended against the next one, again and again',
  },
  {
    name: 'pushed-unmet',
    file: 'server/sync/history.ts',
    find: '  if (!wentBack) return epoch;\n',
    replace: '  if (epoch !== null || !wentBack) return epoch;\n',
    why: 'answers of another history take the place of what would have proved it',
  },
  {
    name: 'decided-for-another-history',
    file: 'server/sync/push.ts',
    find: '  const goesOn = known.epoch == null || known.epoch === epoch;\n',
    replace: '  const goesOn = true;\n',
    why: 'behind a restore what was forgotten is decided after what was given since',
  },
  {
    name: 'typed-leaves-with-it',
    file: 'db/writes/leaving.ts',
    find: '  db.run(sql`INSERT OR REPLACE INTO kept_draft (form, value, number, kept_at)\n    SELECT ${drafts.form}, ${drafts.value}, ${number}, ${now} FROM ${drafts} WHERE ${typed}`);\n',
    replace: '',
    why: 'what was being written about a ticket leaves the device with it',
  },
  {
    name: 'typed-lost-on-return',
    file: 'db/writes/leaving.ts',
    find: '    db.insert(drafts).values({ form, value, savedAt: keptAt }).onConflictDoNothing().run();\n',
    replace: '',
    why: 'when a ticket comes back, what was kept of it is dropped',
  },
  {
    name: 'typed-not-returned',
    file: 'db/writes/leaving.ts',
    find: '  for (const { form, value, keptAt } of db.select().from(keptDrafts).all()) {\n',
    replace: '  for (const { form, value, keptAt } of [] as (typeof keptDrafts.$inferSelect)[]) {\n',
    why: 'when a ticket comes back, what was kept of it stays apart',
  },
  {
    name: 'typed-out-of-sight',
    file: 'db/writes/leaving.ts',
    find: '  for (const { form, value } of db.select().from(drafts).all()) {\n',
    replace: '  for (const { form, value } of [] as (typeof drafts.$inferSelect)[]) {\n',
    why: 'what was typed about a ticket that was made here and has gone is a draft to which no screen leads (this one was real)',
  },
  {
    name: 'older-than-the-cache',
    file: 'core/sync/older.ts',
    find: 'Number(cursor) > page.head || ',
    replace: '',
    why: 'old tickets come as they were before a change that is here, or an eviction',
  },
  {
    name: 'older-of-another-view',
    file: 'core/sync/older.ts',
    find: " || readMeta(db, 'epoch') !== page.epoch || readMeta(db, 'view') !== page.view)",
    replace: ')',
    why: 'old tickets come that were read for another role or group, or from another history',
  },
  {
    name: 'aged-under-the-pen',
    file: 'db/writes/leaving.ts',
    find: "    OR EXISTS (SELECT 1 FROM draft d WHERE d.form = 'ticket:' || ${tickets.id})\n",
    replace: '',
    why: 'an old ticket leaves while something is being written about it',
  },
];

/** @throws if there is none of this name */
export function bugCalled(name: string): PlantedBug {
  const found = plantedBugs.find((b) => b.name === name);
  if (found === undefined) throw new Error(`no planted bug is called ${name}`);
  return found;
}
