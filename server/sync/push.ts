import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import {
  type AnyCommand,
  commandSchema,
  isRecordCommand,
  serverCommands,
  subjectOf,
  subjectsOf,
} from '../../shared/domain/commands/index.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { PushRequest, PushResponse, PushResult } from '../../shared/protocol/wire.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { errorFields } from '../logger.ts';
import { commandLog } from '../store/schema.ts';
import type { Orm, Store } from '../store/store.ts';
import { applyCommand } from './apply.ts';
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

/** Runs a device's commands in their order, each in a transaction of its own. */
export async function push(deps: PushDeps, accountId: string, deviceId: string, commands: readonly unknown[]): Promise<PushResult[]> {
  const results: PushResult[] = [];
  // What hangs on something that could not be decided must wait with it.
  const blocked = new Set<string>();
  for (const raw of commands) {
    const parsed = parse(raw);
    if (!parsed.ok) {
      results.push(parsed.result);
      continue;
    }
    const { command } = parsed;
    const subjects = subjectsOf(command);
    if (subjects.some((s) => blocked.has(s))) {
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
  return results;
}

/** Decides a command, or repeats the answer that it got before (SY2). @throws whatever the database throws */
export async function runOnce(deps: PushDeps, command: AnyCommand, asker: Asker, deviceId: string | null): Promise<PushResult> {
  const accountId = 'accountId' in asker ? asker.accountId : null;
  let entries: readonly FeedEntry[] = [];
  const result = await deps.store.transaction(async (tx): Promise<PushResult> => {
    entries = [];
    const now = deps.clock.now();
    // Waits for a transaction that is deciding the same command.
    const taken = await tx
      .insert(commandLog)
      .values({ id: command.id, deviceId, accountId, kind: command.kind, ticketId: subjectOf(command), at: now, answer: null })
      .onConflictDoNothing()
      .returning({ id: commandLog.id });
    if (taken.length === 0) return repeat(tx, command.id, accountId);
    const applied = isRecordCommand(command) ? await applyRecord(tx, command, asker, now) : await applyCommand(tx, command, asker, now);
    const answer: PushResult =
      applied.status === 'applied'
        ? { id: command.id, status: 'applied', seq: applied.seq, mark: applied.mark }
        : { id: command.id, status: 'refused', refusal: applied.refusal };
    await tx.update(commandLog).set({ answer }).where(eq(commandLog.id, command.id));
    if (applied.status === 'applied') {
      entries = applied.entries;
      await deps.announcer.inTransaction(tx, applied.seq, entries);
    }
    return answer;
  });
  if (result.status === 'applied' && entries.length > 0) deps.announcer.committed(result.seq, entries);
  return result;
}

async function repeat(tx: Orm, id: string, accountId: string | null): Promise<PushResult> {
  const [row] = await tx.select().from(commandLog).where(eq(commandLog.id, id));
  if (row === undefined || row.answer === null || row.accountId !== accountId)
    return { id, status: 'refused', refusal: { code: 'id-taken' } };
  return row.answer;
}

type Parsed = { readonly ok: true; readonly command: AnyCommand } | { readonly ok: false; readonly result: PushResult };

function parse(raw: unknown): Parsed {
  const id = idOf(raw);
  const refused = (code: 'bad-arguments' | 'not-allowed', detail?: string): Parsed => ({
    ok: false,
    result: { id, status: 'refused', refusal: detail === undefined ? { code } : { code, detail } },
  });
  const parsed = commandSchema.safeParse(raw);
  if (!parsed.success) return refused('bad-arguments', failingPaths(parsed.error));
  if ((serverCommands as readonly string[]).includes(parsed.data.kind)) return refused('not-allowed');
  return { ok: true, command: parsed.data };
}

const idOf = (raw: unknown): string => {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : null;
  return typeof id === 'string' ? id.slice(0, 64) : '';
};

/** Where a value does not fit, without the value. */
export const failingPaths = (error: z.ZodError): string =>
  [...new Set(error.issues.map((i) => i.path.map(String).join('.') || i.code))].slice(0, 20).join(', ').slice(0, 500);
