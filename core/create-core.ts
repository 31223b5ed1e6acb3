import { coreContract } from '../shared/bridge/contract.ts';
import type { Port } from '../shared/bridge/port.ts';
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

/** Lists and counts depend on the time of day; so often are those on screen read again. */
const CLOCK_MS = 15_000;

/** The headless client: cache, sync, reminders and the answers to every question that a screen asks. */
export function createCore(options: CoreOptions): Core {
  const hub = new ChangeHub();
  const ctx: CoreContext = { ...options, hub, runId: options.ids() };
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
