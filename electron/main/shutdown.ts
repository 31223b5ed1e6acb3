import type { Logger } from '../../shared/lib/logger.ts';

export interface Shutdown {
  /** Whatever has state says how it stops, and how long that may take. */
  onStop(name: string, deadlineMs: number, stop: () => Promise<void>): void;
  /** Stops everything, the last one first. Never rejects; a second call joins the first. */
  run(): Promise<void>;
}

export function createShutdown(logger: Logger): Shutdown {
  const steps: { name: string; deadlineMs: number; stop: () => Promise<void> }[] = [];
  let running: Promise<void> | null = null;

  const runAll = async (): Promise<void> => {
    for (const { name, deadlineMs, stop } of steps.toReversed()) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), deadlineMs);
      });
      const stopped = stop().then(
        () => 'stopped' as const,
        () => 'failed' as const,
      );
      const outcome = await Promise.race([stopped, late]);
      clearTimeout(timer);
      if (outcome !== 'stopped') logger.warn('shutdown-step', { name, outcome });
    }
  };

  return {
    onStop: (name, deadlineMs, stop) => void steps.push({ name, deadlineMs, stop }),
    run: () => (running ??= runAll()),
  };
}
