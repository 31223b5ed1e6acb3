import { useEffect } from 'react';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useCalls } from '../../stores/calls-store.ts';

/** Shows what the telephone switch puts through, each call once. */
export function useIncoming(): void {
  const call = useQuery('calls.incoming', {}).value ?? null;
  useEffect(() => {
    if (call === null) return;
    useCalls.getState().ring(call.phone, call.at);
    core.call('calls.taken', { callId: call.callId }).catch(() => undefined);
  }, [call]);
}
