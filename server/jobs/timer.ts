import type { Logger } from '../../shared/lib/logger.ts';
import { errorFields } from '../logger.ts';

/** Runs `work` every so often, never twice at once. @returns stops it and waits for a run that is on its way */
export function every(ms: number, name: string, logger: Logger, work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= work()
      .then(
        () => {},
        (error: unknown) => logger.error('job-failed', { job: name, ...errorFields(error) }),
      )
      .finally(() => {
        running = null;
      });
  }, ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
