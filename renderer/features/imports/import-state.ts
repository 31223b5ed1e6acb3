import type { z } from 'zod';
import type { importState } from '../../../shared/bridge/views.ts';

export type ImportState = z.infer<typeof importState>;
export type ImportPhase<P extends ImportState['phase']> = Extract<ImportState, { phase: P }>;
/** Asks the core for something and says what went wrong, if anything did. */
export type Ask = (what: () => Promise<unknown>) => Promise<void>;
