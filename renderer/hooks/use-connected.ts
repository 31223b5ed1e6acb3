import { useSyncExternalStore } from 'react';
import { core } from '../bridge.ts';

/** Whether the core can be asked at this moment. */
export const useConnected = (): boolean => useSyncExternalStore(core.onConnection, () => core.connected);
