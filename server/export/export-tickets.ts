import { stringify } from 'csv-stringify/sync';
import { wordsOf } from '../../shared/domain/search/words.ts';
import type { ExportRequest } from '../../shared/protocol/operations.ts';
import type { Orm } from '../store/store.ts';
import type { View } from '../sync/view.ts';
import { BATCH, type Candidate, type Needs, readList, readTickets, readWholeList, readTransferred, readTransfers } from './candidates.ts';
import { type Cell, neededFor, readColumns } from './columns.ts';
import { isMatch, neededToMatch } from './matching.ts';

/** The account as it is at this moment; null: it may export no longer. */
export type StillMay = () => Promise<View | null>;

export interface Export {
  /** Rows that will come, unless some leave the account's sight meanwhile. */
  readonly total: number;
  /** The file, piece by piece, as it is asked for. @throws Error if the account may export no longer */
  pieces(onRows: (soFar: number) => void): AsyncGenerator<string>;
}

/**
 * Finds out which rows are meant, and keeps nothing but their ids: no transaction stays open while somebody downloads,
 * and what left the account's sight meanwhile is left out.
 * @param signal ends the search when nobody waits for it any more
 */
export async function prepareExport(
  orm: Orm,
  stillMay: StillMay,
  request: ExportRequest,
  now: number,
  signal: AbortSignal,
): Promise<Export> {
  const columns = await readColumns(orm, request);
  const given = request.select.by === 'filter' && request.select.list === 'transferred';
  const needs = neededFor(request);
  const ids = await findIds(orm, stillMay, request, now, signal);
  return {
    total: ids.length,
    async *pieces(onRows) {
      yield `\uFEFF${toCsv([columns.map((c) => c.header)])}`;
      let rows = 0;
      for (let i = 0; i < ids.length; i += BATCH) {
        const view = await still(stillMay);
        const part = ids.slice(i, i + BATCH);
        const found = given ? await transfersById(orm, view, part) : await ticketsById(orm, view, part, needs);
        const batch = part.flatMap((id) => found.get(id) ?? []).map((of) => columns.map((c) => c.cell(of)));
        rows += batch.length;
        onRows(rows);
        if (batch.length > 0) yield toCsv(batch);
      }
    },
  };
}

// Text is always quoted, so that a line break or a comma in it needs no thought; numbers stay bare.
const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  stringify(rows as Cell[][], { record_delimiter: 'windows', quoted_string: true, quoted_empty: false });

async function still(stillMay: StillMay): Promise<View> {
  const view = await stillMay();
  if (view === null) throw new Error('may export no longer');
  return view;
}

const ticketsById = async (orm: Orm, view: View, ids: readonly string[], needs: Needs): Promise<ReadonlyMap<string, Candidate>> =>
  new Map((await readTickets(orm, view, ids, needs)).map((of) => [of.ticket.id, of]));

const transfersById = async (orm: Orm, view: View, ids: readonly string[]): Promise<ReadonlyMap<string, Candidate>> =>
  new Map((await readTransfers(orm, view, ids)).map(({ id, candidate }) => [id, candidate]));

const nothing: Needs = { customers: false, callbacks: false, events: false };
async function findIds(
  orm: Orm,
  stillMay: StillMay,
  { select, zone }: ExportRequest,
  now: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (select.by === 'ids') {
    const wanted = [...new Set(select.ids)];
    const seen = new Set<string>();
    for (let i = 0; i < wanted.length; i += BATCH) {
      signal.throwIfAborted();
      for (const of of await readTickets(orm, await still(stillMay), wanted.slice(i, i + BATCH), nothing)) seen.add(of.ticket.id);
    }
    // In the order in which they were ticked.
    return wanted.filter((id) => seen.has(id));
  }
  const { list, text, filter } = select;
  const searching = wordsOf(text).length > 0;
  const needs = neededToMatch(text, filter);
  if (list !== 'transferred' && filter.length === 0 && !searching) {
    return inOrder(await readWholeList(orm, await still(stillMay), list));
  }
  const found: Found[] = [];
  for (let after = ''; ;) {
    signal.throwIfAborted();
    const view = await still(stillMay);
    const batch =
      list === 'transferred'
        ? await readTransferred(orm, view, after)
        : (await readList(orm, view, list, after, needs)).map((candidate) => ({ id: candidate.ticket.id, candidate }));
    for (const { id, candidate } of batch) {
      if (!isMatch(text, filter, candidate, { me: view.account.id, now, zone })) continue;
      found.push({ id, number: candidate.ticket.number });
    }
    if (batch.length < BATCH) break;
    after = batch.at(-1)!.id;
  }
  return inOrder(found);
}

interface Found {
  readonly id: string;
  readonly number: number | null;
}

/** By number; what has none yet comes last. */
function inOrder(found: readonly Found[]): string[] {
  const place = (f: Found): number => f.number ?? Number.MAX_SAFE_INTEGER;
  return found.toSorted((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1)).map((f) => f.id);
}
