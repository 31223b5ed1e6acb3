import type { CDPSession } from 'playwright-core';
import { figure, type Figures, type Outcome } from '../server/figures.ts';
import { writeNote } from './measure-save.ts';
import { processesOf, type Taken } from './process-memory.ts';
import type { OpenWindow, Stage } from './stage.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** Samples of one run. */
const SAMPLES = 12;
/** What is held at first is filled during this part of a run; the slope is of the rest. */
const WARM = 0.25;
/** One doing of the agent. */
const BEAT_MS = 700;
const CALLBACK_AFTER_MS = 4000;
/** Doings between two callbacks that come up. */
const CALLBACK_EVERY = 20;
const NOTICE_MS = 30_000;
const words = ['退款', 'kt', '空调', '宽带', '王', 'lyq', '路由器', '138'];

interface Sample {
  /** ms since the start of the run. */
  readonly at: number;
  readonly processes: Readonly<Record<string, Taken>>;
  /** Of the page after its garbage was collected, MB; and what hangs in it. */
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What every process takes at rest and while an agent works for so long. */
export async function measureMemory(stage: Stage, opened: OpenWindow, minutes: number, say: (line: string) => void): Promise<Outcome> {
  const faults: string[] = [];
  const { page } = opened;
  const devtools = await page.context().newCDPSession(page);
  const from = performance.now();
  const take = async (): Promise<Sample> => {
    const sample = { at: performance.now() - from, ...(await pageFacts(devtools)), processes: await processesOf(opened) };
    say(lineOf(sample));
    return sample;
  };
  await devtools.send('HeapProfiler.enable');
  await devtools.send('Performance.enable');
  const samples = [await take()];
  const length = minutes * MINUTE;
  const notes: string[] = [];
  const called: { readonly ticketId: string; readonly dueAt: number }[] = [];
  for (let beat = 0; performance.now() - from < length; beat += 1) {
    const next = performance.now() + BEAT_MS;
    if (beat % CALLBACK_EVERY === 0) called.push(promise(stage, beat));
    await doSomething(stage, opened, beat, notes);
    if (performance.now() - from >= (samples.length * length) / SAMPLES) samples.push(await take());
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
  if (performance.now() - from - samples.at(-1)!.at > length / SAMPLES / 2) samples.push(await take());
  await devtools.detach();

  const { shown } = stage.desktop.notifications;
  const due = called.filter((c) => Date.now() - c.dueAt > NOTICE_MS);
  if (due.length > 0 && shown.length === 0) faults.push(`none of ${due.length} callbacks that came up was announced`);
  const arrived = new Set([...stage.office.rows.events.values()].flat().map((e) => e.note));
  // The last ones may be on their way.
  const lost = notes.slice(0, -3).filter((note) => !arrived.has(note));
  if (lost.length > 0) faults.push(`${lost.length} of ${notes.length} notes never came to the server`);
  return { figures: figuresOf(samples), faults };
}

/** A callback comes up in a moment. */
function promise({ office }: Stage, beat: number): { readonly ticketId: string; readonly dueAt: number } {
  const mine = office.rows.mine();
  const ticketId = mine[beat % mine.length]!.id;
  const dueAt = Date.now() + CALLBACK_AFTER_MS;
  office.promiseCallback(ticketId, dueAt);
  return { ticketId, dueAt };
}

/** One of what an agent does all day: walks a list, opens a ticket, writes a note, searches, answers a reminder. */
async function doSomething({ size }: Stage, { at, page }: OpenWindow, beat: number, notes: string[]): Promise<void> {
  const rows = page.locator('main [data-testid^="row-"]');
  switch (beat % 10) {
    case 0:
    case 5: {
      const list = beat % 20 < 10 ? 'all' : 'processing';
      await at(`nav-${list}`).click();
      await at(`list-${list}`).waitFor();
      await rows.first().waitFor();
      return;
    }
    case 1:
    case 6: {
      await page.locator('main .rows').focus();
      for (let i = 0; i < 5; i += 1) await page.keyboard.press(i < 3 ? 'PageDown' : 'ArrowDown');
      await page.keyboard.press('Enter');
      await at('ticket-panel').waitFor();
      return;
    }
    case 2: {
      const share = ((beat * 37) % 100) / 100;
      await page.locator('main .rows').evaluate((list, top) => list.scrollTo(0, top), share * size * 32);
      await rows.first().waitFor();
      return;
    }
    case 3:
    case 7: {
      await page.keyboard.press('Control+k');
      await at('palette-input').waitFor();
      const word = words[beat % words.length]!;
      if (/^[a-z\d]+$/.test(word)) await page.keyboard.type(word);
      else await page.keyboard.insertText(word);
      await at('palette-older').waitFor();
      await page.keyboard.press('Escape');
      await at('palette').waitFor({ state: 'detached' });
      return;
    }
    case 4: {
      const composer = at('composer');
      if ((await composer.count()) === 0) return;
      const note = `日常备注 ${beat}：已联系客户。`;
      await writeNote({ at, page } as OpenWindow, note);
      await page.keyboard.press('Control+Enter');
      await page.locator('[data-testid="toast"] .toast.ok').waitFor();
      notes.push(note);
      return;
    }
    case 8: {
      const close = at('popup-close').first();
      if ((await close.count()) > 0) await close.click();
      return;
    }
    default:
      await at('nav-bucket-today').click();
      await at('bucket-today').waitFor();
  }
}

async function pageFacts(devtools: CDPSession): Promise<Pick<Sample, 'heap' | 'nodes' | 'listeners'>> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((m) => m.name === name)?.value ?? 0;
  return { heap: of('JSHeapUsedSize') / 1024 / 1024, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

const sum = ({ processes }: Sample): number => Object.values(processes).reduce((all, { own }) => all + own, 0);

function lineOf(sample: Sample): string {
  const each = Object.entries(sample.processes).map(([name, { own }]) => `${name} ${own.toFixed(0)}`);
  const page = `page ${sample.heap.toFixed(1)} MB, ${sample.nodes} nodes, ${sample.listeners} listeners`;
  return `${(sample.at / MINUTE).toFixed(1)} min: ${sum(sample).toFixed(0)} MB (${each.join(', ')}); ${page}`;
}

/** MB an hour: the straight line that fits best. */
function slope(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const n = samples.length;
  const meanX = samples.reduce((all, s) => all + s.at, 0) / n;
  const meanY = samples.reduce((all, s) => all + value(s), 0) / n;
  const over = samples.reduce((all, s) => all + (s.at - meanX) ** 2, 0);
  return over === 0 ? 0 : (samples.reduce((all, s) => all + (s.at - meanX) * (value(s) - meanY), 0) / over) * HOUR;
}

function figuresOf(samples: readonly Sample[]): Figures {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const warm = samples.filter((s) => s.at >= last.at * WARM);
  const figures: Record<string, Figures[string]> = {};
  for (const name of Object.keys(last.processes)) {
    const { own, resident } = last.processes[name]!;
    figures[`${name}, at rest`] = figure(first.processes[name]?.own ?? 0, 'MB');
    figures[`${name}, at the end`] = figure(own, 'MB');
    figures[`${name}, with what it shares`] = figure(resident, 'MB');
    figures[`${name}, grows by`] = figure(
      slope(warm, (s) => s.processes[name]?.own ?? 0),
      'MB/h',
    );
  }
  return {
    ...figures,
    'all together, at rest': figure(sum(first), 'MB'),
    'all together, at the end': figure(sum(last), 'MB'),
    'all together, grows by': figure(slope(warm, sum), 'MB/h'),
    'page after a collection, at rest': figure(first.heap, 'MB'),
    'page after a collection, at the end': figure(last.heap, 'MB'),
    'page after a collection, grows by': figure(
      slope(warm, (s) => s.heap),
      'MB/h',
    ),
    'nodes in the page, at the end': figure(last.nodes, ''),
    'listeners in the page, at the end': figure(last.listeners, ''),
  };
}
