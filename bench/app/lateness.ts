import { figure, type Outcome } from '../server/figures.ts';

// How long a process lets others wait: a timer that is due every 5 ms tells by how much it is late.

interface Late {
  /** How often the timer came. */
  readonly ticks: number;
  /** By how much it was late at most, ms. */
  readonly worst: number;
  /** What of each delay went beyond 50 ms, added up, ms: a person feels it. */
  readonly blocked: number;
}

declare global {
  var stopLateness: (() => Late) | undefined;
}

/** Runs in the main process or in the page, and closes over nothing. */
export function startLateness(): void {
  const EVERY_MS = 5;
  const FELT_MS = 50;
  let [ticks, worst, blocked] = [0, 0, 0];
  let due = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    const late = Math.max(0, now - due);
    ticks += 1;
    worst = Math.max(worst, late);
    blocked += Math.max(0, late - FELT_MS);
    due = now + EVERY_MS;
  }, EVERY_MS);
  globalThis.stopLateness = () => {
    clearInterval(timer);
    return { ticks, worst, blocked };
  };
}

/** @throws Error if the process was asked nothing, or began anew meanwhile */
export function readLateness(): Late {
  const stop = globalThis.stopLateness;
  if (stop === undefined) throw new Error('nobody looked how late this process is');
  return stop();
}

export interface Syncing {
  /** Of the whole first sync, from the sign-in until the screen says that all is here, s. */
  readonly seconds: number;
  readonly main: Late;
  readonly page: Late;
}

export const measureSyncing = ({ main, page, seconds }: Syncing): Outcome => ({
  figures: {
    'sign-in to the end of the first sync': figure(seconds, 's'),
    'main, late at most': figure(main.worst, 'ms'),
    'main, late by more than 50 ms, together': figure(main.blocked, 'ms', 0),
    'page, late at most': figure(page.worst, 'ms'),
    'page, late by more than 50 ms, together': figure(page.blocked, 'ms', 0),
  },
  faults: main.ticks > 0 && page.ticks > 0 ? [] : ['a process never came to look how late it is'],
});
