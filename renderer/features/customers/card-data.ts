import type { z } from 'zod';
import type { customerCard } from '../../../shared/bridge/views.ts';

export type CustomerCardData = z.infer<typeof customerCard>;
