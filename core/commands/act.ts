import { and, eq } from 'drizzle-orm';
import type { Cache } from '../../db/open.ts';
import { drafts, outbox } from '../../db/schema/tables.ts';
import { applyLocally } from '../../db/writes/optimistic.ts';
import { getRow } from '../../db/writes/rows.ts';
import type { Command, Refusal } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';

export interface Saved {
  readonly commandId: string;
  readonly ticketId: string;
  readonly savedAt: number;
}

class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Carries out a command here and now (SY1): its rows, the queued command and the removal of the draft go to the disk in
 * one transaction, or none of them does.
 * @param replaces a refused command that this one stands for; it leaves 需要处理 in the same transaction.
 */
export function act(
  cache: Cache,
  command: Command,
  me: Account,
  now: number,
  options: { readonly draft?: string | undefined; readonly replaces?: string | undefined } = {},
): Result<Saved, Refusal> {
  try {
    cache.transaction((db) => {
      const decision = applyLocally(db, command, me, now);
      if (!decision.ok) throw new Refused(decision.error);
      db.insert(outbox)
        .values({
          commandId: command.id,
          kind: command.kind,
          ticketId: command.ticketId,
          args: command.args,
          occurredAt: command.occurredAt,
          state: 'queued',
          attempts: 0,
          subject: getRow(db, 'ticket', command.ticketId)?.subject ?? '',
        })
        .run();
      if (options.draft !== undefined) db.delete(drafts).where(eq(drafts.form, options.draft)).run();
      if (options.replaces !== undefined)
        db.delete(outbox)
          .where(and(eq(outbox.commandId, options.replaces), eq(outbox.state, 'refused')))
          .run();
    });
  } catch (error) {
    // Thrown so that the transaction is rolled back as one.
    if (error instanceof Refused) return err(error.refusal);
    throw error;
  }
  return ok({ commandId: command.id, ticketId: command.ticketId, savedAt: now });
}
