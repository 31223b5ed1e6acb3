/** What a ticker needs of the window. */
export interface TickerPort {
  now(): number;
  /** Name of the zone that the computer is in. */
  zone(): string;
  every(ms: number, run: () => void): () => void;
  /** The window came to the front or into sight. */
  onReturn(run: () => void): () => void;
}

export interface Ticker {
  subscribe(listener: () => void): () => void;
  /** Now, in steps; stable while nobody has been called. */
  read(): number;
}

const STEP = 30_000;
const LOOK = 5_000;

/**
 * Now in steps of half a minute, which re-renders only who shows a time. It looks at the clock more often than it tells: a
 * timer sleeps with the computer, the clock may be set, and the zone changes on a journey.
 */
export function createTicker(port: TickerPort, onZone: () => void): Ticker {
  const listeners = new Set<() => void>();
  let stop: (() => void) | null = null;
  let tick = port.now();
  let zone = port.zone();

  const look = (): void => {
    const now = port.now();
    const moved = port.zone();
    if (moved === zone && now >= tick && now - tick < STEP) return;
    if (moved !== zone) onZone();
    zone = moved;
    tick = now;
    for (const l of listeners) l();
  };
  const start = (): (() => void) => {
    const stops = [port.every(LOOK, look), port.onReturn(look)];
    return () => {
      for (const each of stops) each();
    };
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      stop ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
    read() {
      // Only the ticker moves it while it runs, so that a snapshot is stable within a render.
      if (stop === null) look();
      return tick;
    },
  };
}
