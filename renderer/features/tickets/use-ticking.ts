import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { InputOf } from '../../../shared/bridge/define.ts';
import { core } from '../../bridge.ts';
import { useToast } from '../../stores/toast-store.ts';
import { type Ticked, useView } from '../../stores/view-store.ts';
import { MOST } from '../assign/use-office-acts.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import type { TicketRowData } from './ticket-row.tsx';

type ListInput = InputOf<CoreContract['queries']['tickets.list']>;
/** Most rows that one answer of the core carries. */
const PAGE = 200;

export const tickedOf = (row: TicketRowData): Ticked => ({
  id: row.id,
  number: row.number,
  subject: row.subject,
  assigneeId: row.assigneeId,
});

export interface Ticking {
  toggle(row: TicketRowData, index: number): void;
  /** From the row ticked last to this one. */
  range(row: TicketRowData, index: number): Promise<void>;
  /** All of the list, or none if all are. */
  all(total: number): Promise<void>;
}

/** Ticks rows, also such as are not loaded: those are asked for. */
export function useTicking(query: Omit<ListInput, 'offset' | 'limit'>): Ticking {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const sentence = useBridgeSentence();
  const anchor = useRef<number | null>(null);
  const asked = useRef(query);
  asked.current = query;
  const read = useCallback(
    async (from: number, to: number): Promise<Ticked[]> => {
      const found: Ticked[] = [];
      const end = Math.min(to, from + MOST);
      for (let offset = from; offset < end; offset += PAGE) {
        const { rows } = await core.read('tickets.list', { ...asked.current, offset, limit: Math.min(PAGE, end - offset) });
        found.push(...rows.map((row) => tickedOf(row)));
        if (rows.length === 0) break;
      }
      if (to - from > MOST) show({ tone: 'warn', text: t('bulk.most', { n: MOST }) });
      return found;
    },
    [show, t],
  );
  const add = useCallback(
    async (from: number, to: number): Promise<void> => {
      try {
        const found = await read(from, to);
        const { selected, select } = useView.getState();
        select(new Map([...selected, ...found.map((x) => [x.id, x] as const)].slice(0, MOST)));
      } catch (error) {
        show({ tone: 'danger', text: sentence(error) });
      }
    },
    [read, show, sentence],
  );
  const toggle = useCallback((row: TicketRowData, index: number) => {
    anchor.current = index;
    const { selected, select } = useView.getState();
    const next = new Map(selected);
    if (!next.delete(row.id)) next.set(row.id, tickedOf(row));
    select(next);
  }, []);
  const range = useCallback(
    async (row: TicketRowData, index: number) => {
      const from = anchor.current ?? index;
      if (from === index) return toggle(row, index);
      await add(Math.min(from, index), Math.max(from, index) + 1);
    },
    [add, toggle],
  );
  const all = useCallback(
    async (total: number) => {
      const { selected, select } = useView.getState();
      if (selected.size >= Math.min(total, MOST)) return select(new Map());
      anchor.current = null;
      await add(0, total);
    },
    [add],
  );
  return { toggle, range, all };
}
