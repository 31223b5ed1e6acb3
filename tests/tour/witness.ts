import type { z } from 'zod';
import { openStore } from '../../server/store/open-store.ts';
import { callback, ticket, ticketEvent } from '../../server/store/schema.ts';
import { type callbackRow, type eventRow, ticketRow } from '../../shared/protocol/rows.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { type PullResponse, paths, pullResponse, sessionResponse } from '../../shared/protocol/wire.ts';

export interface ServerRows {
  readonly tickets: ReadonlyMap<string, z.infer<typeof ticketRow>>;
  readonly callbacks: readonly z.infer<typeof callbackRow>[];
  readonly events: readonly z.infer<typeof eventRow>[];
}

/** What the running server says that it holds, asked as its administrator, past the app. */
export async function askServer(url: string): Promise<ServerRows> {
  const post = async (path: string, body: unknown, token?: string): Promise<unknown> => {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the witness got ${response.status} from ${path}`);
    return response.json();
  };
  const who = { protocol: PROTOCOL_VERSION, staffNo: 'G20001', password: 'demo-2026', deviceId: 'tour-witness' };
  const { accessToken } = sessionResponse.parse(await post(paths.signIn, who));
  const pages: PullResponse[] = [];
  let after: string | null = null;
  do {
    const request = { protocol: PROTOCOL_VERSION, epoch: null, view: null, cursor: null, after, limit: 1000 };
    const page: PullResponse = pullResponse.parse(await post(paths.pull, request, accessToken));
    pages.push(page);
    after = page.after;
  } while (after !== null);
  return {
    tickets: new Map(pages.flatMap((p) => p.rows.tickets).map((t) => [t.id, t])),
    callbacks: pages.flatMap((p) => p.rows.callbacks),
    events: pages.flatMap((p) => p.rows.events),
  };
}

/** The same from the files of a server that has ended: PGlite lets one process in at a time. */
export async function readDatabase(folder: string): Promise<ServerRows> {
  const store = await openStore({ dataDir: folder }, Date.now());
  try {
    const tickets = await store.orm.select().from(ticket);
    return {
      // The wire's schema takes what a device may know of a row.
      tickets: new Map(tickets.map((t) => [t.id, ticketRow.parse(t)])),
      callbacks: await store.orm.select().from(callback),
      events: await store.orm.select().from(ticketEvent),
    };
  } finally {
    await store.close();
  }
}
