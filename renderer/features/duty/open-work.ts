import { useEffect, useState } from 'react';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { core } from '../../bridge.ts';
import { dayStart } from '../../format/time-format.ts';

type TicketRow = OutputOf<CoreContract['queries']['tickets.list']>['rows'][number];
type ReminderRow = OutputOf<CoreContract['queries']['reminders.bucket']>['rows'][number];

export interface OpenWork {
  /** Open tickets in the own hands. */
  readonly tickets: readonly TicketRow[];
  /** Open callbacks until the end of tomorrow, past ones first. */
  readonly callbacks: readonly ReminderRow[];
}

const PAGE = 200;

/** Reads page by page until a page comes short. */
async function all<T>(page: (offset: number) => Promise<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for (;;) {
    const rows = await page(found.length);
    found.push(...rows);
    if (rows.length < PAGE) return found;
  }
}

async function read(now: number): Promise<OpenWork> {
  const list = (name: 'pending' | 'processing') =>
    all(
      async (offset) =>
        (await core.read('tickets.list', { list: name, due: 'all', sort: 'next', descending: false, offset, limit: PAGE })).rows,
    );
  const bucket = (code: 'past30' | 'next3') =>
    all(
      async (offset) =>
        (await core.read('reminders.bucket', { bucket: code, scope: 'mine', accountId: null, kind: 'callback', offset, limit: PAGE })).rows,
    );
  const [pending, processing, past, next] = await Promise.all([list('pending'), list('processing'), bucket('past30'), bucket('next3')]);
  const until = dayStart(now, 2);
  return { tickets: [...pending, ...processing], callbacks: [...past, ...next].filter((c) => c.at < until) };
}

/** What is still in the own hands, as it is when the question is asked. undefined: being read; null: it could not be. */
export function useOpenWork(asked: boolean): OpenWork | null | undefined {
  const [work, setWork] = useState<OpenWork | null | undefined>(undefined);
  useEffect(() => {
    if (!asked) return undefined;
    let wanted = true;
    setWork(undefined);
    read(Date.now()).then(
      (found) => wanted && setWork(found),
      () => wanted && setWork(null),
    );
    return () => void (wanted = false);
  }, [asked]);
  return work;
}
