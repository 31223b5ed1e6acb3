import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { WebSocketServer } from 'ws';
import type { Command } from '../../shared/domain/commands/index.ts';
import type { TicketEvent } from '../../shared/domain/tickets.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import {
  type HelloResponse,
  paths,
  type PullRequest,
  type PullResponse,
  type PushRequest,
  type PushResponse,
  type SessionResponse,
} from '../../shared/protocol/wire.ts';
import { directory, me } from '../peers/our-rows.ts';
import { OfficeRows } from './office-rows.ts';

// The server that the measured window signs in to: our protocol over rows in memory, so that the processors are the
// window's. What the real server costs is measured in bench/server.

export interface OfficeServer {
  readonly url: string;
  readonly rows: OfficeRows;
  /** A callback for this ticket comes to the window by itself. @param dueAt epoch ms */
  promiseCallback(ticketId: string, dueAt: number): void;
  close(): Promise<void>;
}

const EPOCH = 'bench';
const VIEW = 'all';
const ACCESS_MS = 600_000;
const PING_MS = 30_000;

const session = (): SessionResponse => ({
  accessToken: 'bench',
  accessExpiresIn: ACCESS_MS,
  refreshToken: 'bench-refresh-token',
  account: { ...me, groupIds: [...me.groupIds] },
  epoch: EPOCH,
  now: Date.now(),
});
const hello = (): HelloResponse => ({
  product: 'zuoxi',
  name: '测速',
  protocol: { oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION },
  epoch: EPOCH,
  now: Date.now(),
  demo: false,
});

/** A page that is sent as JSON: our own rows are read-only, the schema's are not. */
type Page = Omit<PullResponse, 'rows'> & { readonly rows: { readonly [K in keyof PullResponse['rows']]: unknown } };

function pageOf(rows: OfficeRows, all: readonly string[], { cursor, after, limit }: PullRequest): Page {
  const snapshot = cursor === null;
  const from = snapshot ? Number(after ?? 0) : cursor;
  const length = snapshot ? all.length : rows.feed.length;
  const to = Math.min(from + limit, length);
  const changes = snapshot ? [] : rows.feed.slice(from, to);
  const ids = snapshot ? all.slice(from, to) : [...new Set(changes.map((c) => c.ticketId))];
  const tickets = ids.map((id) => rows.tickets.get(id)!);
  const customerIds = new Set(tickets.map((t) => t.customerId).filter((id) => id !== null));
  const events: TicketEvent[] = snapshot
    ? ids.flatMap((id) => rows.events.get(id) ?? [])
    : changes.map((c) => c.event).filter((event) => event !== null);
  const whole = snapshot && from === 0;
  return {
    epoch: EPOCH,
    view: VIEW,
    now: Date.now(),
    mode: snapshot ? 'snapshot' : 'delta',
    // Changes during a snapshot come once more as deltas, with the rows as they are then.
    cursor: snapshot ? 0 : to,
    mark: null,
    after: snapshot && to < length ? String(to) : null,
    more: !snapshot && to < length,
    total: snapshot ? length : null,
    rows: {
      accounts: whole ? directory.accounts : [],
      groups: whole ? directory.groups : [],
      parameters: whole ? directory.parameters : null,
      customFields: whole ? directory.customFields : null,
      customers: [...customerIds].map((id) => rows.customers.get(id)!),
      tickets,
      callbacks: ids.flatMap((id) => rows.callbacks.get(id) ?? []),
      events,
      transfers: [],
      attachments: [],
      searches: null,
      phrases: null,
    },
    evict: { tickets: [], customers: [] },
  };
}

/** Listens on a free port of this machine. @param size tickets that it has */
export async function startOfficeServer(size: number): Promise<OfficeServer> {
  const rows = new OfficeRows(size);
  const all = [...rows.tickets.keys()];
  const live = new WebSocketServer({ noServer: true });
  const announce = (): void => {
    for (const client of live.clients) client.send(JSON.stringify({ type: 'changed', head: rows.feed.length }));
  };
  const push = ({ commands }: PushRequest): PushResponse => {
    const results = (commands as Command[]).map((command) => rows.take(command));
    return { epoch: EPOCH, now: Date.now(), results };
  };
  const answer = (path: string, body: () => unknown): unknown => {
    switch (path) {
      case paths.hello:
        return hello();
      case paths.signIn:
      case paths.refresh:
        return session();
      case paths.signOut:
        return {};
      case paths.pull:
        return pageOf(rows, all, body() as PullRequest);
      case paths.push:
        return push(body() as PushRequest);
      default:
        return null;
    }
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const found = answer(new URL(request.url!, 'http://localhost').pathname, () => JSON.parse(Buffer.concat(parts).toString()));
    if (found === null) response.statusCode = 404;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(found ?? { error: { code: 'not-possible', message: 'The bench has no such thing.' } }));
  };
  const http = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  http.on('upgrade', (request, socket, head) => live.handleUpgrade(request, socket, head, () => {}));
  live.on('connection', (socket) => socket.on('error', () => {}));
  // A channel that says nothing for long is taken for dead.
  const pings = setInterval(() => live.clients.forEach((client) => client.ping()), PING_MS);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    rows,
    promiseCallback(ticketId, dueAt) {
      rows.promiseCallback(ticketId, dueAt, v7());
      announce();
    },
    async close() {
      clearInterval(pings);
      live.clients.forEach((client) => client.terminate());
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
