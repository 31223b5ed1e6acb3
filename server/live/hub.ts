import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Account } from '../../shared/domain/people.ts';
import { liveCall, type LiveCall, type LiveMessage, RINGS_MS } from '../../shared/protocol/wire.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { errorFields } from '../logger.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Orm, Store } from '../store/store.ts';
import { type FeedEntry, publicKinds, readHead } from '../sync/feed.ts';
import { type View, viewOf } from '../sync/view.ts';
import type { Announcer } from '../sync/push.ts';

const CHANNEL = 'zuoxi_live';
/** NOTIFY carries at most 8,000 bytes. */
const NOTIFY_LIMIT = 7_500;

const noticeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('changed'), from: z.string(), head: z.int(), all: z.boolean(), tags: z.array(z.string()) }),
  z.object({ type: z.literal('check'), from: z.string() }),
  z.object({ type: z.literal('ring'), from: z.string(), accountId: z.string(), message: liveCall }),
]);
type Notice = z.infer<typeof noticeSchema>;

/** One listener: a WebSocket, or a test in this process. */
export interface Listener {
  readonly sessionId: string;
  readonly account: Account;
  send(message: LiveMessage): void;
  /** Called after `ended` was sent. */
  close(): void;
}

/** Brings hints to whom they concern, over all instances that share the database (SY5: hints and nothing more). */
export interface Hub extends Announcer {
  add(listener: Listener): () => void;
  /** Tells every window of an account, on whatever instance, that somebody calls; for a minute also those that come. */
  ring(accountId: string, message: LiveCall): Promise<void>;
  /** Ends the listeners whose session no longer holds, here and on every other instance. */
  checkSessions(): Promise<void>;
  /** Ends those of this instance alone; run every few seconds, in case a notice was lost. @param sessionId only of this one */
  checkOwnSessions(sessionId?: string): Promise<void>;
  /** Hears no more of other instances. */
  close(): Promise<void>;
}

export async function createHub(deps: { store: Store; sessions: Sessions; clock: Clock; logger: Logger; instance: string }): Promise<Hub> {
  const { store, sessions, clock, logger, instance } = deps;
  /** With what each may see, brought up to date whenever an account changes. */
  const listeners = new Map<Listener, View>();

  const hint = (head: number, all: boolean, tags: readonly string[]): void => {
    for (const [listener, view] of listeners) if (all || view.sees(tags)) listener.send({ type: 'changed', head });
  };

  /** The last call of each account, for a window whose way here was broken at that moment. */
  const lastCalls = new Map<string, LiveCall>();
  const ringHere = (accountId: string, message: LiveCall): void => {
    lastCalls.set(accountId, message);
    for (const listener of listeners.keys()) if (listener.account.id === accountId) listener.send(message);
  };

  const checkOwnSessions = async (sessionId?: string): Promise<void> => {
    const wanted = sessionId === undefined ? [...new Set([...listeners.keys()].map((l) => l.sessionId))] : [sessionId];
    const states = await sessions.look(wanted);
    for (const listener of [...listeners.keys()]) {
      const state = states.get(listener.sessionId);
      // Came while the sessions were looked up, or is not asked about.
      if (state === undefined) continue;
      if (typeof state === 'object') {
        listeners.set(listener, viewOf(state));
        continue;
      }
      listeners.delete(listener);
      listener.send({ type: 'ended', reason: state });
      listener.close();
    }
  };

  const safely = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => logger.error('live-failed', errorFields(error)));
  };

  const receive = (payload: string): void => {
    const notice = parseNotice(payload);
    if (notice === null || notice.from === instance) return;
    if (notice.type === 'changed') hint(notice.head, notice.all, notice.tags);
    else if (notice.type === 'ring') ringHere(notice.accountId, notice.message);
    else safely(checkOwnSessions());
  };
  // After a gap nobody knows what was missed: everyone pulls once.
  const catchUp = async (): Promise<void> => {
    await checkOwnSessions();
    hint(await readHead(store.orm), true, []);
  };
  const close = await store.listen(CHANNEL, receive, () => safely(catchUp()));

  const notify = async (orm: Orm, notice: Notice): Promise<void> => {
    if (store.kind === 'postgres') await orm.execute(sql`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(notice)})`);
  };

  return {
    add(listener) {
      listeners.set(listener, viewOf(listener.account));
      const call = lastCalls.get(listener.account.id);
      if (call !== undefined && clock.now() - call.at <= RINGS_MS) listener.send(call);
      return () => void listeners.delete(listener);
    },
    async inTransaction(tx, head, entries) {
      if (store.kind !== 'postgres') return;
      const audience = audienceOfEntries(entries);
      const whole: Notice = { type: 'changed', from: instance, head, ...audience };
      const small = JSON.stringify(whole).length <= NOTIFY_LIMIT;
      await notify(tx, small ? whole : { ...whole, all: true, tags: [] });
    },
    committed(head, entries) {
      const { all, tags } = audienceOfEntries(entries);
      hint(head, all, tags);
    },
    async ring(accountId, message) {
      await notify(store.orm, { type: 'ring', from: instance, accountId, message });
      ringHere(accountId, message);
    },
    async checkSessions() {
      await notify(store.orm, { type: 'check', from: instance });
      await checkOwnSessions();
    },
    checkOwnSessions,
    close,
  };
}

function audienceOfEntries(entries: readonly FeedEntry[]): { all: boolean; tags: string[] } {
  const all = entries.some((e) => publicKinds.includes(e.kind));
  return { all, tags: all ? [] : [...new Set(entries.flatMap((e) => [...e.before, ...e.after]))] };
}

function parseNotice(payload: string): Notice | null {
  try {
    const parsed = noticeSchema.safeParse(JSON.parse(payload));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
