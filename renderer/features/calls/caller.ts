import type { z } from 'zod';
import type { caller } from '../../../shared/bridge/call-entries.ts';

/** A customer with the number that calls. */
export type Caller = z.infer<typeof caller>;
