import type { Clock, Timers } from '../shared/lib/clock.ts';

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** The event loop's timers. */
export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
