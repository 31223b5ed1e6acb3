import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Attachment } from '../../shared/domain/attachments.ts';
import type { CommandArgs, Refusal } from '../../shared/domain/commands/index.ts';
import type { Reader } from '../reader.ts';
import { attachmentFiles, attachments, keptDrafts, outbox } from '../schema/tables.ts';
import { isHere } from '../writes/leaving.ts';

export type LocalFile = typeof attachmentFiles.$inferSelect;
export type NamedFile = CommandArgs<'attach'>['files'][number];

/** An `attach` that is not through. */
export interface WaitingAttach {
  readonly commandId: string;
  readonly position: number;
  readonly ticketId: string;
  readonly state: 'queued' | 'acked' | 'refused';
  readonly refusal: Refusal | null;
  readonly occurredAt: number;
  readonly files: readonly NamedFile[];
}

export const localFile = (db: Reader, id: string): LocalFile | null =>
  db.select().from(attachmentFiles).where(eq(attachmentFiles.id, id)).get() ?? null;

/** What waits in a form, oldest first. */
export const filesOfForm = (db: Reader, form: string): LocalFile[] =>
  db.select().from(attachmentFiles).where(eq(attachmentFiles.form, form)).orderBy(asc(attachmentFiles.at), asc(attachmentFiles.id)).all();

/** What waits in forms of tickets that are not on this device. */
export const keptFiles = (db: Reader): LocalFile[] =>
  db
    .select()
    .from(attachmentFiles)
    .where(isNotNull(attachmentFiles.form))
    .orderBy(asc(attachmentFiles.at), asc(attachmentFiles.id))
    .all()
    .filter((file) => !isHere(db, file.form!));

/** Forms of tickets that are not on this device and have nothing but files. */
export function countFileForms(db: Reader): number {
  const forms = new Set(keptFiles(db).map((f) => f.form!));
  for (const { form } of db.select({ form: keptDrafts.form }).from(keptDrafts).all()) forms.delete(form);
  return forms.size;
}

/** Those of a ticket that have not been taken away. */
export const attachmentsOf = (db: Reader, ticketId: string): Attachment[] =>
  db
    .select()
    .from(attachments)
    .where(and(eq(attachments.ticketId, ticketId), isNull(attachments.removedAt)))
    .orderBy(asc(attachments.createdAt), asc(attachments.id))
    .all();

/** In the order in which they were given. */
export const waitingAttaches = (db: Reader): WaitingAttach[] =>
  db
    .select()
    .from(outbox)
    .where(and(eq(outbox.kind, 'attach'), sql`${outbox.state} <> 'done'`))
    .orderBy(asc(outbox.position))
    .all()
    .map(({ commandId, position, subjectId, state, refusal, occurredAt, args }) => ({
      commandId,
      position,
      ticketId: subjectId,
      state: state as WaitingAttach['state'],
      refusal,
      occurredAt,
      files: (args as CommandArgs<'attach'>).files,
    }));

/** Whether a command of the same ticket before this one has not been answered. */
export const hasEarlier = (db: Reader, ticketId: string, position: number): boolean =>
  db
    .select({ one: sql`1` })
    .from(outbox)
    .where(and(eq(outbox.subjectId, ticketId), eq(outbox.state, 'queued'), sql`${outbox.position} < ${position}`))
    .get() !== undefined;
