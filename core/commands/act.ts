import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Cache } from '../../db/open.ts';
import type { Reader } from '../../db/reader.ts';
import { attachmentFiles, drafts, keptDrafts, outbox } from '../../db/schema/tables.ts';
import { placeTyped } from '../../db/writes/leaving.ts';
import { applyLocally, reapplyQueue, restoreBase, type Written } from '../../db/writes/optimistic.ts';
import { getRow } from '../../db/writes/rows.ts';
import { type AnyCommand, isRecordCommand, type Refusal, subjectOf } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import { storable } from '../../shared/lib/plain-text.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';

export interface Saved extends Written {
  readonly commandId: string;
  readonly subjectId: string;
  readonly savedAt: number;
}

export interface ActOptions {
  /** The form whose text this is. */
  readonly draft?: string | undefined;
  /** A refused command that this one stands for; it leaves 需要处理 in the same transaction. */
  readonly replaces?: string | undefined;
  /** All of several, or none: if one is refused, nothing is saved. */
  readonly together?: boolean;
  /** Its text stands nowhere else: refused, it waits under 需要处理 as if the server had refused it. */
  readonly onlyPlace?: boolean;
}

class RefusedTogether extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Carries out a command here and now (SY1): its rows, the queued command and the removal of the draft go to the disk in
 * one transaction, or none of them does.
 */
export const act = (cache: Cache, command: AnyCommand, me: Account, now: number, options: ActOptions = {}): Result<Saved, Refusal> =>
  actMany(cache, [command], me, now, options)[0]!;

/** The same for several, in one transaction; each is saved or refused by itself, unless they belong together. */
export function actMany(
  cache: Cache,
  commands: readonly AnyCommand[],
  me: Account,
  now: number,
  options: ActOptions = {},
): Result<Saved, Refusal>[] {
  try {
    return cache.transaction((db) =>
      commands.map((command) => {
        // What the server's database cannot keep would wait in the queue for ever, and all that hangs on it.
        const result = save(db, storable(command), me, now, options);
        if (!result.ok && options.together) throw new RefusedTogether(result.error);
        return result;
      }),
    );
  } catch (error) {
    if (error instanceof RefusedTogether) return commands.map(() => err(error.refusal));
    throw error;
  }
}

/**
 * Takes commands out again that the agent was told are not saved, if the disk has them after all. What replaced a refused
 * command stays: its text stands nowhere else any more.
 */
export function takeBack(cache: Cache, commandIds: readonly string[], me: Account, now: number): void {
  if (commandIds.length === 0) return;
  cache.transaction((db) => {
    // Their files wait in the form again.
    db.run(sql`UPDATE attachment_file SET form = (
        SELECT 'ticket:' || o.subject_id FROM outbox o, json_each(o.args, '$.files') f
        WHERE o.kind = 'attach' AND json_extract(f.value, '$.id') = attachment_file.id)
      WHERE id IN (SELECT json_extract(f.value, '$.id') FROM outbox o, json_each(o.args, '$.files') f
        WHERE o.kind = 'attach' AND o.state = 'queued' AND o.command_id IN (SELECT value FROM json_each(${JSON.stringify(commandIds)})))`);
    const gone = db
      .delete(outbox)
      .where(and(inArray(outbox.commandId, [...commandIds]), eq(outbox.state, 'queued')))
      .run();
    if (gone.changes === 0) return;
    restoreBase(db);
    reapplyQueue(db, me, now);
  });
}

function save(db: Reader, command: AnyCommand, me: Account, now: number, options: ActOptions): Result<Saved, Refusal> {
  const before = nameOfSubject(db, command);
  // Writes nothing unless it is allowed.
  const decision = applyLocally(db, command, me, now);
  const row = {
    commandId: command.id,
    kind: command.kind,
    subjectId: subjectOf(command),
    args: command.args,
    occurredAt: command.occurredAt,
    attempts: 0,
    subject: before === '' ? nameOfSubject(db, command) : before,
    number: getRow(db, 'ticket', subjectOf(command))?.number ?? null,
  };
  if (!decision.ok) {
    const refused = { state: 'refused', refusal: decision.error, refusedAt: now } as const;
    if (options.onlyPlace)
      db.insert(outbox)
        .values({ ...row, ...refused })
        .run();
    return err(decision.error);
  }
  db.insert(outbox)
    .values({ ...row, state: 'queued' })
    .run();
  // A ticket or customer that was refused and is made again is here again; nothing else comes with a command.
  if (before === '') placeTyped(db, now);
  if (command.kind === 'attach') {
    // They wait in the queue from now on, and in no form.
    const ids = command.args.files.map((f) => f.id);
    db.update(attachmentFiles).set({ form: null }).where(inArray(attachmentFiles.id, ids)).run();
  }
  if (options.draft !== undefined) {
    db.delete(drafts).where(eq(drafts.form, options.draft)).run();
    db.delete(keptDrafts).where(eq(keptDrafts.form, options.draft)).run();
  }
  if (options.replaces !== undefined)
    db.delete(outbox)
      .where(and(eq(outbox.commandId, options.replaces), eq(outbox.state, 'refused')))
      .run();
  return ok({ commandId: command.id, subjectId: subjectOf(command), savedAt: now, ...decision.value });
}

function nameOfSubject(db: Reader, command: AnyCommand): string {
  if (!isRecordCommand(command)) return getRow(db, 'ticket', command.ticketId)?.subject ?? '';
  switch (command.kind) {
    case 'addCustomer':
    case 'editCustomer':
    case 'restoreCustomer':
      return getRow(db, 'customer', command.subjectId)?.name ?? '';
    case 'putSearch':
    case 'removeSearch':
      return getRow(db, 'search', command.subjectId)?.name ?? '';
    case 'putPhrase':
    case 'removePhrase':
      return getRow(db, 'phrase', command.subjectId)?.title ?? '';
    case 'setDuty':
      return getRow(db, 'account', command.subjectId)?.name ?? '';
  }
}
