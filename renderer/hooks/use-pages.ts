import { useEffect, useRef, useState } from 'react';

interface Held<P> {
  readonly key: string;
  readonly pages: ReadonlyMap<number, P>;
}

/** Whether what is held is not yet what `key` asks for, so that the list is to be marked as busy. */
export const isOnItsWay = <P>(held: Held<P>, key: string): boolean => held.key !== key || held.pages.size === 0;

/**
 * Keeps the wanted pages of a long list watched. After a change of `key` the old pages stay until the first new one
 * has come, so that nothing flickers.
 * @param first the first page, if somebody has it already when the list comes.
 */
export function usePages<P>(
  key: string,
  wanted: readonly number[],
  watch: (page: number, onValue: (page: P) => void) => () => void,
  first?: () => P | undefined,
): Held<P> {
  const [held, setHeld] = useState<Held<P>>(() => {
    const page = first?.();
    return { key, pages: new Map(page === undefined ? [] : [[0, page]]) };
  });
  const running = useRef(new Map<number, () => void>());
  const runningKey = useRef(key);
  const watchRef = useRef(watch);
  watchRef.current = watch;
  const wish = wanted.join(',');

  useEffect(() => {
    if (runningKey.current !== key) {
      for (const stop of running.current.values()) stop();
      running.current.clear();
      runningKey.current = key;
    }
    const pages = wish === '' ? [] : wish.split(',').map(Number);
    for (const [page, stop] of running.current) {
      if (pages.includes(page)) continue;
      stop();
      running.current.delete(page);
    }
    for (const page of pages) {
      if (running.current.has(page)) continue;
      running.current.set(
        page,
        watchRef.current(page, (value) => {
          setHeld((before) => {
            if (runningKey.current !== key || (before.key === key && before.pages.get(page) === value)) return before;
            const kept = before.key === key ? before.pages : new Map<number, P>();
            return { key, pages: new Map(kept).set(page, value) };
          });
        }),
      );
    }
  }, [key, wish]);

  useEffect(() => {
    const all = running.current;
    return () => {
      for (const stop of all.values()) stop();
      all.clear();
    };
  }, []);

  return held;
}
