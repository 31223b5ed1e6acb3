import type { Clock, Timers } from '../shared/lib/clock.ts';
import type { IdSource } from '../shared/lib/ids.ts';
import type { Logger } from '../shared/lib/logger.ts';
import type { ChangeHub } from './live/changes.ts';
import type { Host, Transport } from './ports.ts';

/** The core's ports to the world. */
export interface CoreOptions {
  /** Where the caches lie; made if missing, readable by this user alone. */
  readonly dataDir: string;
  readonly transport: Transport;
  readonly host: Host;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: IdSource;
  /** From 0 to 1. */
  readonly random: () => number;
  /** IANA name of the zone in which the agent's days begin; asked at each use, since it can change. */
  readonly zone: () => string;
  readonly logger: Logger;
  /** What a person knows this computer by; told to the server at a sign-in, for the list of devices. */
  readonly machine?: { readonly system: string; readonly name: string };
  /** Address that the agent need not type. */
  readonly presetServer: string | null;
  /** Check answers against the contract too; for tests and development. */
  readonly checkOutput?: boolean;
}

/** What the parts of the core share. */
export interface CoreContext extends CoreOptions {
  /** Differs with each start. */
  readonly runId: string;
  readonly hub: ChangeHub;
}
