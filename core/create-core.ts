import { coreContract } from '../shared/bridge/contract.ts';
import type { Port } from '../shared/bridge/port.ts';
import { serve } from '../shared/bridge/rpc.ts';
import type { Clock, Timers } from '../shared/lib/clock.ts';
import type { IdSource } from '../shared/lib/ids.ts';
import type { Logger } from '../shared/lib/logger.ts';
import { implement } from './api/implementation.ts';
import type { CoreContext } from './context.ts';
import { ChangeHub } from './live/changes.ts';
import type { Host, Transport } from './ports.ts';
import { Session } from './session/session.ts';

export interface CoreOptions {
  /** Where the caches lie; made if missing, readable by this user alone. */
  readonly dataDir: string;
  readonly transport: Transport;
  readonly host: Host;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: IdSource;
  readonly random: () => number;
  /** IANA name of the zone in which the agent's days begin; asked at each use, since it can change. */
  readonly zone: () => string;
  readonly logger: Logger;
  /** Address that the agent need not type. */
  readonly presetServer: string | null;
  /** Check answers against the contract too; for tests and development. */
  readonly checkOutput?: boolean;
}

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
            if (error !== undefined) options.logger.error('bridge.fault', { name, error: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
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
