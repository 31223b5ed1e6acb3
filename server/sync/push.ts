import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import {
  type AnyCommand,
  type Command,
  commandSchema,
  isRecordCommand,
  type Refusal,
  serverCommands,
  subjectOf,
  subjectsOf,
} from '../../shared/domain/commands/index.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { PushRequest, PushResponse, PushResult } from '../../shared/protocol/wire.ts';
import type { Denials, Denied } from '../audit/denials.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { errorFields } from '../logger.ts';
import { anyOf } from '../store/any-of.ts';
import { commandLog } from '../store/schema.ts';
import { type Orm, rowsOf, type Store } from '../store/store.ts';
import { type Applied, applyCommands, wantsToBeAlone } from './apply.ts';
import { applyRecord } from './apply-record.ts';
import type { FeedEntry } from './feed.ts';
import { meetDevice } from './history.ts';
import type { Asker } from './load.ts';

/** Tells everyone whom a change concerns. Inside of the transaction: other instances hear it when it commits. */
export interface Announcer {
  inTransaction(tx: Orm, head: number, entries: readonly FeedEntry[]): Promise<void>;
  committed(head: number, entries: readonly FeedEntry[]): void;
}

export interface PushDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly announcer: Announcer;
  readonly denials: Denials;
}

/**
 * Answers a push. For a device that knows another history of the database nothing is decided: it first has to hear of it
 * and bring back what was forgotten, so that its commands are decided in their order (SY14).
 * @throws JustTurnedError
 */
export async function answerPush(deps: PushDeps, accountId: string, { deviceId, commands, ...known }: PushRequest): Promise<PushResponse> {
  const { store, clock } = deps;
  const epoch = await meetDevice(store, accountId, known, clock.now());
  const goesOn = known.epoch == null || known.epoch === epoch;
  const results = goesOn ? await push(deps, accountId, deviceId, commands) : [];
  return { epoch, now: clock.now(), results };
}

/** Commands of one transaction: others wait for what it holds, and the event loop for what it decides. */
const MOST_TOGETHER = 50;

/**
 * Runs a device's commands in their order. Those about tickets are decided together; where the database fails for them,
 * each in a transaction of its own, so that one that can never be taken holds back no more than what hangs on it.
 */
export async function push(deps: PushDeps, accountId: string, deviceId: string, commands: readonly unknown[]): Promise<PushResult[]> {
  const results: PushResult[] = [];
  // What hangs on something that could not be decided must wait with it.
  const blocked = new Set<string>();
  for (const batch of inBatches(commands.map(parse))) {
    if (!Array.isArray(batch)) {
      if (batch.status === 'refused' && isDenial(batch.refusal.code))
        await deps.denials.note({ action: 'denied', accountId, about: 'server-command' });
      results.push(batch);
      continue;
    }
    const together = batch.length > 1 && blocked.size === 0 ? await tryTogether(deps, batch, accountId, deviceId) : null;
    if (together !== null) {
      results.push(...together);
      continue;
    }
    for (const command of batch) {
      const subjects = subjectsOf(command);
      if (subjects.some((s) => blocked.has(s))) {
        // And what hangs on this one in turn.
        for (const s of subjects) blocked.add(s);
        results.push({ id: command.id, status: 'failed' });
        continue;
      }
      const result = await runOnce(deps, command, { accountId }, deviceId).catch((error: unknown): PushResult => {
        deps.logger.error('command-failed', { commandId: command.id, kind: command.kind, ...errorFields(error) });
        return { id: command.id, status: 'failed' };
      });
      if (result.status === 'failed') for (const s of subjects) blocked.add(s);
      results.push(result);
    }
  }
  return results;
}

/** @returns null: the database could not take them all */
async function tryTogether(
  deps: PushDeps,
  commands: readonly AnyCommand[],
  accountId: string,
  deviceId: string,
): Promise<readonly PushResult[] | null> {
  try {
    return await runTogether(deps, commands, { accountId }, deviceId);
  } catch (error) {
    deps.logger.warn('batch-failed', { commands: commands.length, ...errorFields(error) });
    return null;
  }
}

/** Neighbours that are decided together; alone, what is not about a ticket or wants to be; and answers to what is no command. */
function inBatches(parsed: readonly (AnyCommand | PushResult)[]): (PushResult | AnyCommand[])[] {
  const batches: (PushResult | AnyCommand[])[] = [];
  let open: AnyCommand[] | null = null;
  for (const p of parsed) {
    if ('status' in p) {
      batches.push(p);
      open = null;
      continue;
    }
    const alone = isRecordCommand(p) || wantsToBeAlone(p);
    if (open !== null && !alone && open.length < MOST_TOGETHER) {
      open.push(p);
      continue;
    }
    const batch = [p];
    batches.push(batch);
    open = alone ? null : batch;
  }
  return batches;
}

/** Decides a command, or repeats the answer that it got before (SY2). @throws whatever the database throws */
export async function runOnce(deps: PushDeps, command: AnyCommand, asker: Asker, deviceId: string | null): Promise<PushResult> {
  const [result] = await runTogether(deps, [command], asker, deviceId);
  return result!;
}

async function runTogether(
  deps: PushDeps,
  commands: readonly AnyCommand[],
  asker: Asker,
  deviceId: string | null,
): Promise<readonly PushResult[]> {
  const accountId = 'accountId' in asker ? asker.accountId : null;
  const { results, head, entries, committed } = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now();
    const taken = await takeIds(tx, commands, accountId, deviceId, now);
    const fresh = commands.filter((c) => taken.delete(c.id));
    const answers = await readAnswers(tx, fresh, commands, accountId);
    const said = { head: 0, entries: [] as FeedEntry[] };
    const refused: Denial[] = [];
    for (const [i, applied] of (await applyFresh(tx, fresh, asker, now)).entries()) {
      const { id } = fresh[i]!;
      if (applied.status === 'refused') {
        answers.set(id, { id, status: 'refused', refusal: applied.refusal });
        refused.push(...denialsOf(fresh[i]!, applied.refusal.code, accountId));
      } else {
        answers.set(id, { id, status: 'applied', seq: applied.seq, mark: applied.mark });
        said.head = applied.seq;
        said.entries.push(...applied.entries);
      }
    }
    await keepAnswers(
      tx,
      fresh.map((c) => answers.get(c.id)!),
    );
    if (said.entries.length > 0) await deps.announcer.inTransaction(tx, said.head, said.entries);
    // Last, and hardly ever: others that note something wait until the commit.
    const committed = refused.length > 0 ? await deps.denials.noteWithin(tx, refused) : null;
    return { results: commands.map((c) => answers.get(c.id)!), ...said, committed };
  });
  committed?.();
  if (entries.length > 0) deps.announcer.committed(head, entries);
  return results;
}

type Denial = Denied & { readonly detail: string };

/** Refused for who asks, and not for what has become of the ticket. What is out of an account's sight does not exist for it. */
const isDenial = (code: Refusal['code']): boolean => code === 'not-allowed' || code === 'not-found';

function denialsOf(command: AnyCommand, code: Refusal['code'], accountId: string | null): Denial[] {
  if (accountId === null || !isDenial(code)) return [];
  return [{ action: 'denied', accountId, about: command.kind, detail: `${command.kind} ${subjectOf(command)} ${code}` }];
}

async function applyFresh(tx: Orm, commands: readonly AnyCommand[], asker: Asker, now: number): Promise<readonly Applied[]> {
  const [first] = commands;
  if (first === undefined) return [];
  if (isRecordCommand(first)) return [await applyRecord(tx, first, asker, now)];
  return applyCommands(tx, commands as readonly Command[], asker, now);
}

/** Waits for transactions that are deciding one of these. @returns the ids that nobody has decided yet */
async function takeIds(
  tx: Orm,
  commands: readonly AnyCommand[],
  accountId: string | null,
  deviceId: string | null,
  at: number,
): Promise<Set<string>> {
  const rows = JSON.stringify(commands.map((c) => ({ id: c.id, kind: c.kind, subject: subjectOf(c) })));
  // In one order everywhere: a device that heard no answer may bring the same ones twice at once.
  const taken = await rowsOf<{ id: string }>(
    tx,
    sql`INSERT INTO command_log (id, device_id, account_id, kind, ticket_id, at)
        SELECT id, ${deviceId}::text, ${accountId}::text, kind, subject, ${at}::bigint
        FROM jsonb_to_recordset(${rows}::jsonb) AS c (id text, kind text, subject text) ORDER BY id
        ON CONFLICT DO NOTHING RETURNING id`,
  );
  return new Set(taken.map((t) => t.id));
}

/** What commands that are not fresh were answered. */
async function readAnswers(
  tx: Orm,
  fresh: readonly AnyCommand[],
  commands: readonly AnyCommand[],
  accountId: string | null,
): Promise<Map<string, PushResult>> {
  const known = new Set(fresh.map((c) => c.id));
  const repeated = commands.map((c) => c.id).filter((id) => !known.has(id));
  if (repeated.length === 0) return new Map();
  const rows = new Map((await tx.select().from(commandLog).where(anyOf(commandLog.id, repeated))).map((row) => [row.id, row]));
  return new Map(
    repeated.map((id) => {
      const row = rows.get(id);
      const own = row !== undefined && row.answer !== null && row.accountId === accountId;
      return [id, own ? row.answer! : { id, status: 'refused', refusal: { code: 'id-taken' } }];
    }),
  );
}

async function keepAnswers(tx: Orm, answers: readonly PushResult[]): Promise<void> {
  if (answers.length === 0) return;
  const rows = JSON.stringify(answers.map((answer) => ({ id: answer.id, answer })));
  await rowsOf(
    tx,
    sql`UPDATE command_log l SET answer = r.answer FROM jsonb_to_recordset(${rows}::jsonb) AS r (id text, answer jsonb) WHERE l.id = r.id`,
  );
}

/** The command, or the answer to what is none. */
function parse(raw: unknown): AnyCommand | PushResult {
  const refused = (code: 'bad-arguments' | 'not-allowed', detail?: string): PushResult => ({
    id: idOf(raw),
    status: 'refused',
    refusal: detail === undefined ? { code } : { code, detail },
  });
  const parsed = commandSchema.safeParse(raw);
  if (!parsed.success) return refused('bad-arguments', failingPaths(parsed.error));
  if ((serverCommands as readonly string[]).includes(parsed.data.kind)) return refused('not-allowed');
  return parsed.data;
}

const idOf = (raw: unknown): string => {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : null;
  return typeof id === 'string' ? id.slice(0, 64) : '';
};

/** Where a value does not fit, without the value. */
export const failingPaths = (error: z.ZodError): string =>
  [...new Set(error.issues.map((i) => i.path.map(String).join('.') || i.code))].slice(0, 20).join(', ').slice(0, 500);
