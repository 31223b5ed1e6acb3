import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { TransportError, type Transport } from '../../core/ports.ts';
import { noRows } from '../../server/sync/page.ts';
import type { PullResponse, SessionResponse } from '../../shared/protocol/wire.ts';

/** What a real server answered to a device that had everything; the answers from then on are made from it. */
export interface Recording {
  readonly session: SessionResponse;
  /** The whole snapshot as one page. */
  readonly page: PullResponse;
}

interface Received {
  readonly id: string;
  readonly ticketId: string;
  readonly note: string;
  readonly occurredAt: number;
}

/** One line a command that a server has received for the first time, in their order. */
export const receivedIn = (log: string): Received[] =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Received)
    : [];

/** Tickets of one page where all is read anew. */
const PART = 2;

/**
 * A server that knows notes, and forgets nothing when its process is killed: its memory is a log of what it received.
 * @param renews every third time that it is asked for what is new, it has all read anew, in small pages and slowly
 */
export function recordedServer(recording: Recording, log: string, renews = false): Transport {
  const { page, session } = recording;
  let asked = 0;
  /** Some tickets as they are now. */
  const rowsNow = (ids: ReadonlySet<string>, all: readonly Received[], events: readonly Received[]): PullResponse['rows'] => ({
    ...noRows(),
    tickets: page.rows.tickets
      .filter((t) => ids.has(t.id))
      .map((t) => ({ ...t, version: t.version + all.length, updatedAt: t.updatedAt + all.length })),
    events: events
      .filter((r) => ids.has(r.ticketId))
      .map((r) => ({
        id: r.id,
        ticketId: r.ticketId,
        actorId: session.account.id,
        command: 'note',
        note: r.note,
        changes: {},
        occurredAt: r.occurredAt,
        receivedAt: r.occurredAt,
      })),
  });
  /** @param after where it begins, and the cursor of the whole snapshot */
  const part = (after: string, all: readonly Received[]): PullResponse => {
    const [from, cursor] = after.split(' ').map(Number) as [number, number];
    const rows = rowsNow(new Set(page.rows.tickets.slice(from, from + PART).map((t) => t.id)), all, all);
    const next = from + PART;
    return {
      ...page,
      now: Date.now(),
      cursor,
      after: next < page.rows.tickets.length ? `${next} ${cursor}` : null,
      rows: from === 0 ? { ...page.rows, tickets: rows.tickets, events: rows.events } : rows,
    };
  };
  const never = (): never => {
    throw new TransportError('unreachable');
  };
  return {
    hello: async () => never(),
    signIn: async () => ({ ...session, now: Date.now() }),
    refresh: async () => ({ ...session, now: Date.now() }),
    signOut: async () => {},
    push: async (_url, _token, { commands }) => {
      const all = receivedIn(log);
      const results = (commands as { id: string; ticketId: string; args: { note: string }; occurredAt: number }[]).map((c) => {
        let at = all.findIndex((r) => r.id === c.id);
        if (at < 0) {
          const received: Received = { id: c.id, ticketId: c.ticketId, note: c.args.note, occurredAt: c.occurredAt };
          appendFileSync(log, `${JSON.stringify(received)}\n`);
          at = all.push(received) - 1;
        }
        return { id: c.id, status: 'applied' as const, seq: page.cursor + at + 1 };
      });
      return { epoch: page.epoch, now: Date.now(), results };
    },
    pull: async (_url, _token, { after, cursor }) => {
      const all = receivedIn(log);
      if (cursor === null && !renews) return { ...page, now: Date.now() };
      if (cursor === null) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        return part(after ?? `0 ${page.cursor + all.length}`, all);
      }
      if (renews && (asked += 1) % 3 === 0) return { ...page, mode: 'reset', now: Date.now(), rows: noRows() };
      const fresh = all.slice(cursor - page.cursor);
      return {
        ...page,
        mode: 'delta',
        now: Date.now(),
        cursor: page.cursor + all.length,
        total: null,
        rows: rowsNow(new Set(fresh.map((r) => r.ticketId)), all, fresh),
      };
    },
    operate: async () => never(),
    export: async () => never(),
    beginUpload: async () => never(),
    uploadPiece: async () => never(),
    downloadPiece: async () => never(),
    live: () => ({ close: () => {} }),
  };
}
