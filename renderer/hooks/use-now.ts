import { useSyncExternalStore } from 'react';

const STEP = 30_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick = Date.now();
    for (const l of listeners) l();
  }, STEP);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  // Only the ticker moves it while it runs, so that a snapshot is stable within a render.
  if (timer === undefined && Date.now() - tick > STEP) tick = Date.now();
  return tick;
}

/** Now, in steps of half a minute; re-renders only who shows a time. */
export const useNow = (): number => useSyncExternalStore(subscribe, read);
