import { asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { attentionItem } from '../../shared/bridge/views.ts';
import type { Reader } from '../reader.ts';
import { outbox } from '../schema/tables.ts';
import { viewQueued } from './queue.ts';
import { nameOf } from './ticket-detail.ts';

/** The words that an agent put into a command, whatever its kind; '' if it had none. */
export function textOf(args: unknown): string {
  const a = args as Record<string, unknown>;
  for (const key of ['note', 'report', 'reason', 'description', 'subject', 'text', 'name', 'title']) {
    const value = a[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

/** Refused commands that wait for the agent, oldest first. */
export function readAttention(db: Reader): z.infer<typeof attentionItem>[] {
  return db
    .select()
    .from(outbox)
    .where(eq(outbox.state, 'refused'))
    .orderBy(asc(outbox.position))
    .all()
    .map((row) => {
      const refusal = row.refusal ?? { code: 'not-found' as const };
      const ids = [refusal.current?.assigneeId, refusal.current?.lastActorId].filter((x): x is string => typeof x === 'string');
      return {
        ...viewQueued(db, row),
        refusedAt: row.refusedAt ?? row.occurredAt,
        refusal,
        text: textOf(row.args),
        names: Object.fromEntries(ids.map((id) => [id, nameOf(db, id)])),
      };
    });
}
