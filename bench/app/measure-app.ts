import type { Outcome } from '../server/figures.ts';
import { measureSyncing } from './lateness.ts';
import { measureMemory } from './measure-memory.ts';
import { measureList, measureSave } from './measure-save.ts';
import { measureScroll, renderingOf } from './measure-scroll.ts';
import { measureSearch } from './measure-search.ts';
import { measureStart } from './measure-start.ts';
import { recordTrace } from './record-trace.ts';
import { openStage, type OpenWindow, type StageOptions } from './stage.ts';

export const parts = ['sync', 'start', 'search', 'save', 'scroll', 'memory'] as const;
export type Part = (typeof parts)[number];

/** How often something is done, or for how long. */
export interface Amounts {
  /** Starts of the app and of the empty window. */
  readonly pairs: number;
  /** Of each kind. */
  readonly words: number;
  readonly notes: number;
  readonly lists: number;
  /** Of each way to scroll. */
  readonly seconds: number;
  /** Of simulated use. */
  readonly minutes: number;
}
export const usual: Amounts = { pairs: 5, words: 25, notes: 200, lists: 200, seconds: 5, minutes: 2 };

export interface AppOptions extends StageOptions, Amounts {
  readonly parts: readonly Part[];
  /** Where a recording of the start and of a scroll goes; null: none is made. */
  readonly trace: string | null;
}

export interface AppOutcome {
  /** The runtime, and how it draws. */
  readonly runtime: string;
  /** By part. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** Files of the recording. */
  readonly traces: readonly string[];
}

/** Measures the built app in its window. @throws Error if it could not be worked at all */
export async function measureApp(options: AppOptions, say: (line: string) => void): Promise<AppOutcome> {
  const wants = (part: Part): boolean => options.parts.includes(part);
  const stage = await openStage(options, say);
  try {
    const outcomes: Record<string, Outcome> = {};
    if (wants('sync')) outcomes['sync'] = measureSyncing(stage.syncing);
    if (wants('start')) {
      say('start …');
      outcomes['start'] = await measureStart(stage, options.pairs);
    }
    const window = await stage.open();
    const rendering = await renderingOf(window);
    const inWindow: readonly [Part, (opened: OpenWindow) => Promise<Record<string, Outcome>>][] = [
      ['search', async (w) => ({ search: await measureSearch(stage, w, options.words) })],
      ['save', async (w) => ({ list: await measureList(stage, w, options.lists), save: await measureSave(stage, w, options.notes) })],
      ['scroll', async (w) => ({ scroll: await measureScroll(stage, w, options.seconds) })],
      ['memory', async (w) => ({ memory: await measureMemory(stage, w, options.minutes, say) })],
    ];
    let open = window;
    for (const [part, measure] of inWindow) {
      if (!wants(part)) continue;
      say(`${part} …`);
      if (part === 'memory' && options.parts.length > 1) {
        // At rest means: nothing has been done in this window yet.
        await open.stop();
        open = await stage.open();
      }
      Object.assign(outcomes, await measure(open));
    }
    await open.stop();
    let traces: readonly string[] = [];
    if (options.trace !== null) {
      say('trace …');
      // What was measured until now is not thrown away with it.
      traces = await recordTrace(stage, options.trace).catch((error: unknown) => {
        outcomes['trace'] = { figures: {}, faults: [String(error)] };
        return [];
      });
    }
    return { runtime: `${stage.desktop.runtime.note} ${rendering.words}`, outcomes, traces };
  } finally {
    await stage.close();
  }
}
