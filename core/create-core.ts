import { StorageError } from '../db/storage-error.ts';
import { coreContract } from '../shared/bridge/contract.ts';
import type { BridgeErrorCode } from '../shared/bridge/errors.ts';
import type { Port } from '../shared/bridge/port.ts';
import type { Timers } from '../shared/lib/clock.ts';
import { serve } from '../shared/bridge/rpc.ts';
import { implement } from './api/implementation.ts';
import type { CoreContext, CoreOptions } from './context.ts';
import { ChangeHub } from './live/changes.ts';
import { Session } from './session/session.ts';

export interface Core {
  /** Answers `coreContract` on a port, until the port closes. */
  serve(port: Port): void;
  /** Ends what is under way and closes the cache; nothing that was saved is lost without it. */
  stop(): Promise<void>;
}

const storageCodes = { full: 'DiskFull', io: 'DiskFault', damaged: 'Damaged' } as const;
const storageCode = (error: unknown): BridgeErrorCode | null => (error instanceof StorageError ? storageCodes[error.fault] : null);

/** A fault of the disk has been told where it was met; in a timer it would end the process, and nobody waits for an answer. */
const calmTimers = (timers: Timers): Timers => {
  const calm = (run: () => void) => () => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  };
  return { after: (ms, run) => timers.after(ms, calm(run)), every: (ms, run) => timers.every(ms, calm(run)) };
};

/** Lists and counts depend on the time of day; so often are those on screen read again. */
const CLOCK_MS = 15_000;

/** The headless client: cache, sync, reminders and the answers to every question that a screen asks. */
export function createCore(options: CoreOptions): Core {
  const hub = new ChangeHub();
  const ctx: CoreContext = { ...options, timers: calmTimers(options.timers), hub, runId: options.ids() };
  const session = new Session(ctx);
  const implementation = implement(ctx, session);
  const stopClock = options.timers.every(CLOCK_MS, () => hub.emit(['clock']));
  const restored = session.restore();
  return {
    serve: (port) => {
      // A window that outlived another core would take answers from before the cache is open for an empty desk.
      void restored.then(() =>
        serve(coreContract, implementation, port, {
          now: () => performance.now(),
          codeOf: storageCode,
          ...(options.checkOutput !== undefined && { checkOutput: options.checkOutput }),
          report: ({ name, ms, error }) => {
            if (error !== undefined)
              options.logger.error('bridge.fault', { name, error: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
            else options.logger.warn('bridge.slow', { name, ms: Math.round(ms ?? 0) });
          },
        }),
      );
    },
    stop: async () => {
      stopClock();
      await restored;
      await session.stop();
    },
  };
}
