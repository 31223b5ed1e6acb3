import { plant } from './plant.ts';
import { bugCalled } from './planted-bugs.ts';
import type { Outcome } from './schedule.ts';

/** What a worker is to do: seeds to play, with a bug in the production or none. */
export interface Work {
  readonly seeds: readonly number[];
  readonly bug: string | null;
  /** Lines of the trace to send with each outcome; 0: none. */
  readonly lines: number;
  /** A bug that was found need not be looked for further. */
  readonly untilFound: boolean;
}
export type Told = { readonly outcome: Outcome } | { readonly done: true };

async function main(work: Work): Promise<void> {
  // Before anything of the production is loaded.
  if (work.bug !== null) plant(bugCalled(work.bug));
  const { openSimOffice } = await import('./sim-office.ts');
  const { runSchedule } = await import('./schedule.ts');
  const office = await openSimOffice();
  for (const seed of work.seeds) {
    const outcome = await runSchedule(office, seed);
    const lines =
      outcome.violation === null
        ? outcome.lines.slice(-work.lines || outcome.lines.length)
        : outcome.lines.slice(-Math.max(work.lines, 25));
    await tell({ outcome: { ...outcome, lines: work.lines === 0 && outcome.violation === null ? [] : lines } });
    // An error that nobody expected is no invariant that has spoken.
    if (work.untilFound && outcome.violation !== null && outcome.violation.invariant !== 'fault') break;
  }
  await tell({ done: true });
  process.exit(0);
}

const tell = (what: Told): Promise<void> => new Promise((resolve) => process.send!(what, () => resolve()));

process.once('message', (work: Work) => {
  main(work).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
});
process.once('disconnect', () => process.exit(1));
