import { useSyncExternalStore } from 'react';
import { forgetZone } from '../format/time-format.ts';
import { createTicker } from './ticker.ts';

const ticker = createTicker(
  {
    now: () => Date.now(),
    zone: () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    every(ms, run) {
      const timer = setInterval(run, ms);
      return () => clearInterval(timer);
    },
    onReturn(run) {
      window.addEventListener('focus', run);
      document.addEventListener('visibilitychange', run);
      return () => {
        window.removeEventListener('focus', run);
        document.removeEventListener('visibilitychange', run);
      };
    },
  },
  forgetZone,
);

/** Now, in steps of half a minute; re-renders only who shows a time. */
export const useNow = (): number => useSyncExternalStore(ticker.subscribe, ticker.read);
