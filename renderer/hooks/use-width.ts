import { useSyncExternalStore } from 'react';
import type { Width } from '../features/tickets/columns.ts';

const wide = matchMedia('(min-width: 1600px)');
const tiny = matchMedia('(max-width: 880px)');
const narrow = matchMedia('(max-width: 1180px)');

const subscribe = (listener: () => void): (() => void) => {
  for (const query of [wide, narrow, tiny]) query.addEventListener('change', listener);
  return () => {
    for (const query of [wide, narrow, tiny]) query.removeEventListener('change', listener);
  };
};

/** How much room the list's columns have. */
export const useWidth = (): Width =>
  useSyncExternalStore(subscribe, () => (wide.matches ? 'wide' : tiny.matches ? 'tiny' : narrow.matches ? 'rail' : 'plain'));
