import type { z } from 'zod';
import type { sessionState } from '../../shared/bridge/views.ts';
import { useQuery } from './use-query.ts';

export type Session = z.infer<typeof sessionState>;

export const useSession = (): Session | undefined => useQuery('session.state', {}).value;
