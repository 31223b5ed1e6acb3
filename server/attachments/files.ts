import { createHash } from 'node:crypto';
import { and, asc, eq, inArray, isNull, lte, notExists, sql } from 'drizzle-orm';
import { type Attachment, attachmentLimits, CHUNK, refusedByName } from '../../shared/domain/attachments.ts';
import { decide, type Refusal } from '../../shared/domain/commands/index.ts';
import { defaultParameters } from '../../shared/domain/tickets.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { UploadRequest, UploadResponse } from '../../shared/protocol/wire.ts';
import { readParameters } from '../store/parameters.ts';
import { toAccount, toCustomer, toEvent, toTicket } from '../store/rows.ts';
import { account, attachment, customer, file, filePiece, ticket, ticketEvent } from '../store/schema.ts';
import type { Orm, Store } from '../store/store.ts';
import { viewOf } from '../sync/view.ts';
import { recognise } from './recognise.ts';

const DAY = 86_400_000;
/** Files of one account that are on their way at once; what a queue brings back after weeks comes one after the other. */
const UNDER_WAY = 40;

/** Why a file or a piece is not taken: a refusal's code, or what is wrong with the bytes. */
export type UploadRefusal = Refusal['code'] | 'hash' | 'size';
type Answer = Result<UploadResponse, UploadRefusal>;
type FileRow = typeof file.$inferSelect;

const stateOf = ({ received, whole }: FileRow): UploadResponse => ({ received, whole });

/** Announces a file, or says how much of it is here. */
export async function beginFile(tx: Orm, request: UploadRequest, accountId: string, now: number): Promise<Answer> {
  const { id, ticketId, name, size, sha256 } = request;
  const refused = await whyNotAttach(tx, accountId, ticketId, now);
  if (refused !== null) return err(refused);
  if (refusedByName(name, size) !== null) return err('file-refused');
  const [known] = await tx.select().from(file).where(eq(file.id, id)).for('update');
  if (known !== undefined) {
    const same = known.accountId === accountId && known.ticketId === ticketId && known.size === size && known.sha256 === sha256;
    if (!same) return err('id-taken');
    return known.refused === null ? ok(stateOf(known)) : err('file-refused');
  }
  const unclaimed = notExists(
    tx
      .select({ one: sql`1` })
      .from(attachment)
      .where(eq(attachment.id, file.id)),
  );
  if ((await tx.$count(file, and(eq(file.accountId, accountId), unclaimed))) >= UNDER_WAY) return err('too-many');
  await tx.insert(file).values({ id, ticketId, accountId, name, size, sha256, received: 0, whole: false, at: now });
  return ok({ received: 0, whole: false });
}

/** Takes one piece; one that has come before, or too early, changes nothing and is answered with what is here. */
export async function takePiece(tx: Orm, id: string, accountId: string, start: number, bytes: Uint8Array, now: number): Promise<Answer> {
  const [found] = await tx
    .select()
    .from(file)
    .where(and(eq(file.id, id), eq(file.accountId, accountId)))
    .for('update');
  if (found === undefined) return err('file-missing');
  const refused = await whyNotAttach(tx, accountId, found.ticketId, now);
  if (refused !== null) return err(refused);
  if (found.refused !== null) return err('file-refused');
  if (start !== found.received || found.whole) return ok(stateOf(found));
  if (bytes.length !== Math.min(CHUNK, found.size - start)) return err('size');
  if (start === 0) {
    const seen = await recognise(bytes);
    await tx.update(file).set(seen).where(eq(file.id, id));
    if (seen.refused !== null) return err('file-refused');
  }
  await tx.insert(filePiece).values({ fileId: id, start, bytes });
  const received = start + bytes.length;
  await tx.update(file).set({ received, at: now }).where(eq(file.id, id));
  return ok({ received, whole: false });
}

/**
 * Looks whether all that has arrived is what was announced. Outside of a transaction, since reading takes a while and
 * PGlite has one connection: pieces do not change any more once all of them are here.
 */
export async function checkFile(store: Store, id: string): Promise<Answer> {
  const [arrived] = await store.orm.select().from(file).where(eq(file.id, id));
  if (arrived === undefined) return err('file-missing');
  if (arrived.whole || arrived.received < arrived.size) return ok(stateOf(arrived));
  const right = (await hashOf(store.orm, id, arrived.size)) === arrived.sha256;
  return store.transaction(async (tx) => {
    const [now] = await tx.select().from(file).where(eq(file.id, id)).for('update');
    if (now === undefined) return err('file-missing');
    if (now.whole || now.received < now.size) return ok(stateOf(now));
    if (right) {
      await tx.update(file).set({ whole: true }).where(eq(file.id, id));
      return ok({ received: now.size, whole: true });
    }
    await tx.delete(filePiece).where(eq(filePiece.fileId, id));
    await tx.update(file).set({ received: 0 }).where(eq(file.id, id));
    return err('hash');
  });
}

/** One piece of an attachment that the account may see. null: there is none for it. */
export async function readPiece(
  tx: Orm,
  id: string,
  accountId: string,
  start: number,
): Promise<{ readonly bytes: Uint8Array; readonly size: number } | null> {
  const [found] = await tx
    .select({ audience: ticket.audience, size: attachment.size })
    .from(attachment)
    .innerJoin(ticket, eq(ticket.id, attachment.ticketId))
    .where(and(eq(attachment.id, id), isNull(attachment.removedAt)));
  const [reader] = await tx.select().from(account).where(eq(account.id, accountId));
  if (found === undefined || reader === undefined || !viewOf(toAccount(reader)).sees(found.audience)) return null;
  const [piece] = await tx
    .select()
    .from(filePiece)
    .where(and(eq(filePiece.fileId, id), eq(filePiece.start, start)));
  return piece === undefined ? null : { bytes: piece.bytes, size: found.size };
}

/** The files of an `attach` as they arrived: their type is the server's own finding. */
export async function arrivedFiles(tx: Orm, named: readonly Attachment[]): Promise<Result<Attachment[], Refusal>> {
  const ids = named.map((a) => a.id);
  const rows = new Map((await tx.select().from(file).where(inArray(file.id, ids)).for('update')).map((row) => [row.id, row]));
  const arrived: Attachment[] = [];
  for (const wanted of named) {
    const row = rows.get(wanted.id);
    if (row?.accountId !== wanted.createdBy || row.ticketId !== wanted.ticketId) return err({ code: 'file-missing' });
    if (row.refused !== null) return err({ code: 'file-refused', detail: row.refused });
    if (!row.whole || row.size !== wanted.size || row.sha256 !== wanted.sha256) return err({ code: 'file-missing' });
    const named = refusedByName(wanted.name, wanted.size);
    if (named !== null) return err({ code: 'file-refused', detail: named });
    arrived.push({ ...wanted, type: row.type! });
  }
  return ok(arrived);
}

/** Removes files whose command never came, and those that were taken away long ago. */
export async function sweepFiles(store: Store, now: number): Promise<void> {
  const { trashDays } = await readParameters(store.orm);
  const kept = store.orm
    .select({ one: sql`1` })
    .from(attachment)
    .where(eq(attachment.id, file.id));
  await store.orm.delete(file).where(and(lte(file.at, now - attachmentLimits.orphanMs), notExists(kept)));
  const gone = store.orm
    .select({ id: attachment.id })
    .from(attachment)
    .where(lte(attachment.removedAt, now - trashDays * DAY));
  await store.orm.delete(file).where(inArray(file.id, gone));
}

/** Asks the rule itself whether the account could attach a file to the ticket now. */
async function whyNotAttach(tx: Orm, accountId: string, ticketId: string, now: number): Promise<Refusal['code'] | null> {
  const [by] = await tx.select().from(account).where(eq(account.id, accountId));
  if (by === undefined) return 'not-allowed';
  const [row] = await tx.select().from(ticket).where(eq(ticket.id, ticketId));
  const [owner] = row === undefined ? [] : await tx.select().from(customer).where(eq(customer.id, row.customerId));
  const events = await tx.select().from(ticketEvent).where(eq(ticketEvent.ticketId, ticketId)).orderBy(asc(ticketEvent.seq));
  const state = {
    ticket: row === undefined ? null : toTicket(row),
    customer: owner === undefined ? null : toCustomer(owner),
    callbacks: [],
    attachments: [],
    events: events.map(toEvent),
    parameters: defaultParameters,
    fields: [],
    openElsewhere: 0,
    twinOf: () => null,
    account: () => null,
  };
  const id = '00000000-0000-7000-8000-000000000000';
  const probe = { id, name: 'x', size: 1, sha256: '0'.repeat(64), type: '' };
  const decision = decide(state, { id, kind: 'attach', ticketId, args: { files: [probe] }, occurredAt: now }, toAccount(by), now);
  return decision.ok ? null : decision.error.code;
}

/** Piece by piece, so that no file lies in memory as a whole. */
async function hashOf(orm: Orm, id: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < size; start += CHUNK) {
    const [piece] = await orm
      .select()
      .from(filePiece)
      .where(and(eq(filePiece.fileId, id), eq(filePiece.start, start)));
    if (piece !== undefined) hash.update(piece.bytes);
  }
  return hash.digest('hex');
}
