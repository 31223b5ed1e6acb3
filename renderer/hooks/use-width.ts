import { useSyncExternalStore } from 'react';
import type { Width } from '../features/tickets/columns.ts';

const wide = matchMedia('(min-width: 1600px)');
const narrow = matchMedia('(max-width: 1180px)');

const subscribe = (listener: () => void): (() => void) => {
  wide.addEventListener('change', listener);
  narrow.addEventListener('change', listener);
  return () => {
    wide.removeEventListener('change', listener);
    narrow.removeEventListener('change', listener);
  };
};

/** How much room the list's columns have. */
export const useWidth = (): Width => useSyncExternalStore(subscribe, () => (wide.matches ? 'wide' : narrow.matches ? 'rail' : 'plain'));
