import type { Clock, Timers } from '../shared/lib/clock.ts';
import type { IdSource } from '../shared/lib/ids.ts';
import type { Logger } from '../shared/lib/logger.ts';
import type { ChangeHub } from './live/changes.ts';
import type { Host, Transport } from './ports.ts';

/** What the parts of the core share: its ports to the world and the hub of changes. */
export interface CoreContext {
  readonly dataDir: string;
  readonly transport: Transport;
  readonly host: Host;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: IdSource;
  /** From 0 to 1. */
  readonly random: () => number;
  /** IANA name of the zone in which the agent's days begin. */
  readonly zone: () => string;
  readonly logger: Logger;
  readonly presetServer: string | null;
  /** Differs with each start. */
  readonly runId: string;
  readonly hub: ChangeHub;
}
