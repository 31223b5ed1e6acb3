import { sql } from 'drizzle-orm';
import type { Account } from '../../shared/domain/people.ts';
import type { PullRequest, PullResponse } from '../../shared/protocol/wire.ts';
import { noRows, type Page } from './page.ts';
import { type Orm, rowsOf, type Store } from '../store/store.ts';
import { readDelta } from './delta.ts';
import { readHead } from './feed.ts';
import { readPlace } from './place.ts';
import { readSnapshot } from './snapshot.ts';
import { type View, viewOf } from './view.ts';

/** A place in a snapshot that no server gave out. */
export class BadPlaceError extends Error {
  constructor() {
    super('unknown place in a snapshot');
    this.name = 'BadPlaceError';
  }
}

/** One page of what the account may see, read at one instant. @throws BadPlaceError for an `after` of foreign make */
export async function pull(store: Store, account: Account, request: PullRequest, now: number): Promise<PullResponse> {
  const view = viewOf(account);
  return store.snapshot(async (tx) => {
    const epoch = await readEpoch(tx);
    const page = await readPage(tx, view, request, epoch);
    return { epoch, view: view.name, now, ...page };
  });
}

async function readPage(tx: Orm, view: View, request: PullRequest, epoch: string): Promise<Page> {
  const head = await readHead(tx);
  const place = request.after === null ? null : readPlace(request.after);
  if (request.after !== null && place === null) throw new BadPlaceError();
  const from = request.cursor ?? place?.cursor ?? null;
  const stale =
    (request.epoch !== null && request.epoch !== epoch) ||
    (request.view !== null && request.view !== view.name) ||
    // A cursor, but not known from which epoch or view.
    (request.cursor !== null && (request.epoch === null || request.view === null)) ||
    (from !== null && from > head);
  if (stale && from !== null) return reset(head);
  return request.cursor === null
    ? readSnapshot(tx, view, place, head, request.limit)
    : readDelta(tx, view, request.cursor, head, request.limit);
}

const reset = (cursor: number): Page => ({
  mode: 'reset',
  cursor,
  after: null,
  more: false,
  total: null,
  rows: noRows(),
  evict: { tickets: [], customers: [] },
});

export async function readEpoch(orm: Orm): Promise<string> {
  const [row] = await rowsOf<{ value: string }>(orm, sql`SELECT value FROM meta WHERE key = 'epoch'`);
  return row?.value ?? '';
}
