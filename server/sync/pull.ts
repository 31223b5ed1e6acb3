import type { Account } from '../../shared/domain/people.ts';
import type { PullRequest, PullResponse } from '../../shared/protocol/wire.ts';
import { noRows, type Page } from './page.ts';
import { readParameters } from '../store/parameters.ts';
import type { Orm, Store } from '../store/store.ts';
import { readDelta } from './delta.ts';
import { turnEpoch } from './epoch.ts';
import { type Head, type History, readHistory } from './history.ts';
import { readPlace } from './place.ts';
import { readSnapshot } from './snapshot.ts';
import { type View, viewOf } from './view.ts';
import { WINDOWED_SINCE, windowStart } from './window.ts';

/** A place in a snapshot that no server gave out. */
export class BadPlaceError extends Error {
  constructor() {
    super('unknown place in a snapshot');
    this.name = 'BadPlaceError';
  }
}

/** The device has seen changes that this database never had: it is older than it was. */
class WentBackError extends Error {}

/**
 * One page of what the account may see, read at one instant.
 * @throws BadPlaceError for an `after` of foreign make; JustTurnedError
 */
export async function pull(store: Store, account: Account, request: PullRequest, now: number): Promise<PullResponse> {
  const view = viewOf(account);
  const read = (): Promise<PullResponse> =>
    store.snapshot(async (tx) => {
      const history = await readHistory(tx, request);
      const page = await readPage(tx, view, request, history, now);
      return { epoch: history.epoch, view: view.name, now, head: history.head, ...page };
    });
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof WentBackError)) throw error;
    await turnEpoch(store, request.epoch, 'device', now, account.id);
    return read();
  }
}

async function readPage(tx: Orm, view: View, request: PullRequest, { epoch, head, wentBack }: History, now: number): Promise<Page> {
  const place = request.after === null ? null : readPlace(request.after);
  if (request.after !== null && place === null) throw new BadPlaceError();
  const from = request.cursor ?? place?.cursor ?? null;
  if (wentBack || (from !== null && from > head.seq && request.epoch === epoch)) throw new WentBackError();
  const stale =
    (request.epoch !== null && request.epoch !== epoch) ||
    (request.view !== null && request.view !== view.name) ||
    // A cursor, but not known from which epoch or view.
    (request.cursor !== null && (request.epoch === null || request.view === null)) ||
    (from !== null && from > head.seq);
  if (stale && from !== null) return reset(head);
  if (request.cursor !== null) return readDelta(tx, view, request.cursor, head, request.limit, now);
  const start = request.protocol < WINDOWED_SINCE ? 0 : windowStart(await readParameters(tx), now);
  return readSnapshot(tx, view, place, head, request.limit, start);
}

const reset = ({ seq, mark }: Head): Page => ({
  mode: 'reset',
  cursor: seq,
  mark,
  after: null,
  more: false,
  total: null,
  rows: noRows(),
  evict: { tickets: [], customers: [] },
});
