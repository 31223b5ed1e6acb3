import { actOnTicket, createTicket } from '../../core/api/tickets-api.ts';
import type { BenchDesk } from '../desk.ts';
import { restRaw } from '../limit/file.ts';
import { RawRows } from '../limit/rows.ts';
import { rawCreate, rawNote } from '../limit/saves.ts';
import { makeDraft, type SampleTicket } from '../peers/data.ts';
import { me, toForm } from '../peers/our-rows.ts';
import { spreadOf } from '../peers/timing.ts';
import { type Measured, type Stage, withBoth } from '../stage.ts';
import { figures } from './both.ts';

const ACTIONS = 500;
const WARM = 50;
/** Of those whose ids come first: the server knows these. */
const CUSTOMERS = 500;

/** Ids of customers for new tickets. */
export const customersFor = ({ desk }: BenchDesk): readonly string[] =>
  desk.cache.db.$client.prepare(`SELECT id FROM customer ORDER BY id LIMIT ${CUSTOMERS}`).pluck().all() as string[];

/** Saves a new ticket as the form does. @throws Error if the core refuses it */
export function create({ ctx, desk }: BenchDesk, draft: SampleTicket, customerId: string): void {
  const result = createTicket(ctx, desk, toForm(draft, customerId));
  if (!result.ok) throw new Error(`a new ticket was refused: ${result.refusal.code}`);
}

/** Ms of each; agents pause between two actions, and what is put off until then is done. */
async function spaced(count: number, work: (i: number) => void, rest: (i: number) => void): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < WARM + count; i += 1) {
    const start = performance.now();
    work(i);
    if (i >= WARM) taken.push(performance.now() - start);
    await new Promise((resolve) => setImmediate(resolve));
    rest(i);
  }
  return taken;
}

/** An action until it is saved: a note on a ticket of one's own, and a new ticket; offline, so that nothing else is done. */
export const action = (stage: Stage): Promise<readonly Measured[]> =>
  withBoth(stage, async (both) => {
    const { ctx, cut, desk, raw, start } = both;
    const { cache } = desk;
    cut();
    start();
    const customers = customersFor(both);
    const tickets = cache.db.$client
      .prepare(`SELECT id FROM ticket WHERE assignee_id = ? AND status IN ('processing', 'waiting') ORDER BY id LIMIT 200`)
      .pluck()
      .all(me.id) as string[];
    const count = stage.runs(ACTIONS);
    const drafts = Array.from({ length: WARM + count }, (_, i) => makeDraft(i));
    const customerAt = (i: number): string => customers[i % customers.length]!;
    const rows = raw && new RawRows(raw);
    const rawSave = raw && rawCreate(raw, rows!, drafts);
    const note = (i: number): void => {
      const args = { note: `第${i}次回访，客户表示满意` };
      const result = actOnTicket(ctx, desk, { ticketId: tickets[i % tickets.length]!, kind: 'note', args });
      if (!result.ok) throw new Error(`a note was refused: ${result.refusal.code}`);
    };
    const works: Readonly<Record<string, readonly [ours: (i: number) => void, limit: ((i: number) => void) | null]>> = {
      'action.note': [note, raw && rawNoteOf(rawNote(raw, rows!), tickets)],
      'action.create': [(i) => create(both, drafts[i]!, customerAt(i)), rawSave && ((i) => rawSave(drafts[i]!, customerAt(i)))],
    };
    const measured: Measured[] = [];
    for (const [name, [ours, limit]] of Object.entries(works)) {
      const theirs = limit === null ? null : spreadOf(await spaced(count, limit, (i) => restRaw(raw!, i)));
      const own = await stage.ours(() => spaced(count, ours, () => void cache.upkeep()));
      measured.push(...figures(name, spreadOf(own), theirs));
    }
    return measured;
  });

const rawNoteOf = (write: ReturnType<typeof rawNote>, tickets: readonly string[]) => (i: number) =>
  write(tickets[i % tickets.length]!, `第${i}次回访，客户表示满意`);
