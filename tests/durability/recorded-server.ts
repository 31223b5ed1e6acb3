import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { TransportError, type Transport } from '../../core/ports.ts';
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

/** A server that knows notes, and forgets nothing when its process is killed: its memory is a log of what it received. */
export function recordedServer(recording: Recording, log: string): Transport {
  const { page, session } = recording;
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
    pull: async (_url, _token, { cursor }) => {
      if (cursor === null) return { ...page, now: Date.now() };
      const all = receivedIn(log);
      const fresh = all.slice(cursor - page.cursor);
      const touched = new Set(fresh.map((r) => r.ticketId));
      return {
        ...page,
        mode: 'delta',
        now: Date.now(),
        cursor: page.cursor + all.length,
        total: null,
        rows: {
          ...page.rows,
          accounts: [],
          groups: [],
          parameters: null,
          customers: [],
          callbacks: [],
          transfers: [],
          attachments: [],
          customFields: null,
          searches: null,
          phrases: null,
          tickets: page.rows.tickets
            .filter((t) => touched.has(t.id))
            .map((t) => ({ ...t, version: t.version + all.length, updatedAt: t.updatedAt + all.length })),
          events: fresh.map((r) => ({
            id: r.id,
            ticketId: r.ticketId,
            actorId: session.account.id,
            command: 'note',
            note: r.note,
            changes: {},
            occurredAt: r.occurredAt,
            receivedAt: r.occurredAt,
          })),
        },
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
