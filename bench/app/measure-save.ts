import { waitUntil } from '../../tests/support/desktop/wait-until.ts';
import { figure, type Outcome, quantile } from '../server/figures.ts';
import type { OpenWindow, Stage } from './stage.ts';

const ARRIVE_MS = 120_000;
const SEEN_MS = 10_000;
const SENT = '[data-testid="toast"] .toast.ok';
const PAGE = { list: 'processing', text: '', filter: [], due: 'all', sort: 'next', descending: false, offset: 0, limit: 50 };

/** Notes saved with the keyboard, and the list as the page gets it. */
export async function measureSave(stage: Stage, opened: OpenWindow, notes: number): Promise<Outcome> {
  const { at, page } = opened;
  const faults: string[] = [];
  await openForeign(stage, opened);
  const screen: number[] = [];
  const core: number[] = [];
  const arrived = (): string[] => [...stage.office.rows.events.values()].flat().map((e) => e.note);
  const before = arrived().length;
  const texts = Array.from({ length: notes }, (_, i) => `测速备注 ${i + 1}：客户已接听，约定明天上午上门。`);
  for (const text of texts) {
    await writeNote(opened, text);
    await page.evaluate((selector) => window.bench.arm('send', selector), SENT);
    await page.keyboard.press('Control+Enter');
    const reaction = await page.evaluate(() => window.bench.reaction());
    const said = await page.locator(SENT).innerText();
    if (!said.includes('已保存')) faults.push(`the screen says ${said}`);
    screen.push(reaction.ms);
    core.push(reaction.crossings.find((c) => c.name === 'tickets.act')!.ms);
  }
  // Counted: the same words may be there from an earlier time.
  await waitUntil('all notes at the server', () => (arrived().length >= before + notes ? true : undefined), ARRIVE_MS).catch(() => {});
  const all = arrived();
  const lost = texts.filter((t) => all.filter((a) => a === t).length !== 1);
  if (lost.length > 0) faults.push(`${lost.length} of ${notes} notes are not with the server exactly once`);
  let unseen = texts;
  // 已保存 is said before the screens are read again.
  await waitUntil(
    'all notes on screen',
    async () => {
      const shown = await at('timeline').innerText();
      unseen = texts.filter((t) => !shown.includes(t));
      return unseen.length === 0 ? true : undefined;
    },
    SEEN_MS,
  ).catch(() => {});
  if (unseen.length > 0) faults.push(`${unseen.length} of ${notes} notes are not in the ticket on screen`);
  return {
    figures: {
      'note, key to 已保存, p50': figure(quantile(screen, 0.5), 'ms'),
      'note, key to 已保存, p99': figure(quantile(screen, 0.99), 'ms'),
      '  its call to the core, p50': figure(quantile(core, 0.5), 'ms'),
      '  its call to the core, p99': figure(quantile(core, 0.99), 'ms', 8),
    },
    faults,
  };
}

/** The first 50 rows of two lists, asked over the page's own port. */
export async function measureList(stage: Stage, { page }: OpenWindow, times: number): Promise<Outcome> {
  const faults: string[] = [];
  const spread = async (input: typeof PAGE): Promise<number[]> => {
    const taken: number[] = [];
    for (let i = 0; i < times; i += 1) {
      const { ms, rows } = await page.evaluate(async (asked) => {
        const { ms, value } = await window.bench.ask('tickets.list', asked);
        return { ms, rows: (value as { rows: unknown[] } | undefined)?.rows.length ?? -1 };
      }, input);
      taken.push(ms);
      if (rows < 1) faults.push(`the list of ${input.list} came with ${rows} rows`);
    }
    return taken;
  };
  const mine = await spread(PAGE);
  const all = await spread({ ...PAGE, list: 'all', sort: 'updated', descending: true });
  return {
    figures: {
      'my list, first 50, p50': figure(quantile(mine, 0.5), 'ms'),
      'my list, first 50, p99': figure(quantile(mine, 0.99), 'ms', 4),
      [`all ${stage.size}, first 50, p50`]: figure(quantile(all, 0.5), 'ms'),
      [`all ${stage.size}, first 50, p99`]: figure(quantile(all, 0.99), 'ms', 4),
    },
    faults,
  };
}

/** Somebody else's ticket: a note stays where it is, and the next one can follow. */
async function openForeign({ office }: Stage, { at, page }: OpenWindow): Promise<void> {
  await at('nav-all').click();
  await at('list-all').waitFor();
  const mine = new Set(office.rows.mine().map((t) => t.id));
  const foreign = office.rows.latestFirst().find((t) => t.resolvedAt === null && !mine.has(t.id))!;
  await page.locator(`main [data-testid="row-${foreign.id}"]`).click();
  await at('composer').waitFor();
}

/** Key G puts the caret there; the text comes as from an input method. */
export async function writeNote({ page }: OpenWindow, text: string): Promise<void> {
  const there = () => document.activeElement?.id === 'composer';
  if (!(await page.evaluate(there))) await page.keyboard.press('g');
  await page.waitForFunction(there);
  await page.keyboard.insertText(text);
}
